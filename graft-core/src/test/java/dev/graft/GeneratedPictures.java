package dev.graft;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import javax.imageio.ImageIO;

/** Folders of small pictures that are easy to tell apart: discs, stripes, and squares, each with its own colours. */
public final class GeneratedPictures {
    private static final String[] CLASSES = {"discs", "squares", "stripes"};

    private GeneratedPictures() {}

    /** A folder with a subfolder for each of the first classes. */
    public static Path folder(Path folder, int classes, int picturesPerClass) {
        for (int label = 0; label < classes; label++) {
            for (int i = 0; i < picturesPerClass; i++) {
                write(folder.resolve(CLASSES[label]).resolve("picture" + i + ".png"), label, i);
            }
        }
        return folder;
    }

    /** One picture of a class; the same seed draws the same picture. */
    public static void write(Path file, int label, long seed) {
        SplittableRandom random = new SplittableRandom(seed * 10 + label);
        BufferedImage image = new BufferedImage(56, 48, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.setColor(new Color(random.nextInt(90), random.nextInt(90), random.nextInt(90)));
        graphics.fillRect(0, 0, 56, 48);
        int bright = 160 + random.nextInt(90);
        int x = random.nextInt(16);
        int y = random.nextInt(12);
        switch (label) {
            case 0 -> {
                graphics.setColor(new Color(bright, random.nextInt(60), random.nextInt(60)));
                graphics.fillOval(x, y, 34, 34);
            }
            case 1 -> {
                graphics.setColor(new Color(random.nextInt(60), random.nextInt(60), bright));
                graphics.fillRect(x, y, 30, 30);
            }
            default -> {
                graphics.setColor(new Color(random.nextInt(60), bright, bright));
                for (int row = y % 8; row < 48; row += 8) {
                    graphics.fillRect(0, row, 56, 3);
                }
            }
        }
        graphics.dispose();
        try {
            Files.createDirectories(file.getParent());
            // Not by File, which cannot name every file.
            try (OutputStream out = Files.newOutputStream(file)) {
                ImageIO.write(image, "png", out);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A file that has a picture's name and is none. */
    public static void writeBroken(Path file) {
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, "no picture");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
