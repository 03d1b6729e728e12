package dev.graft.cli;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import javax.imageio.ImageIO;

/** Folders of drawn pictures that a classifier tells apart easily. */
final class Drawings {
    private static final int SIDE = 64;

    private Drawings() {}

    /** Two classes, {@code discs} and {@code stripes}, so many pictures each. */
    static Path folder(Path folder, int perClass) throws IOException {
        return folder(folder, perClass, perClass);
    }

    static Path folder(Path folder, int discs, int stripes) throws IOException {
        Random random = new Random(1);
        for (int i = 0; i < discs; i++) {
            draw(folder.resolve("discs/disc-" + i + ".png"), false, random);
        }
        for (int i = 0; i < stripes; i++) {
            draw(folder.resolve("stripes/stripes-" + i + ".png"), true, random);
        }
        return folder;
    }

    /** A third class, {@code crosses}. */
    static void crosses(Path folder, int count) throws IOException {
        Random random = new Random(2);
        for (int i = 0; i < count; i++) {
            BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
            Graphics2D graphics = image.createGraphics();
            graphics.setColor(new Color(200 + random.nextInt(50), random.nextInt(90), random.nextInt(90)));
            int middle = 24 + random.nextInt(8);
            graphics.fillRect(0, middle, SIDE, 9);
            graphics.fillRect(middle, 0, 9, SIDE);
            graphics.dispose();
            Path file = folder.resolve("crosses/cross-" + i + ".png");
            Files.createDirectories(file.getParent());
            ImageIO.write(image, "png", file.toFile());
        }
    }

    private static void draw(Path file, boolean stripes, Random random) throws IOException {
        BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.setColor(new Color(random.nextInt(100), random.nextInt(100), random.nextInt(100)));
        graphics.fillRect(0, 0, SIDE, SIDE);
        graphics.setColor(new Color(155 + random.nextInt(100), 155 + random.nextInt(100), 155 + random.nextInt(100)));
        int shift = random.nextInt(8);
        if (stripes) {
            for (int x = shift; x < SIDE; x += 8) {
                graphics.fillRect(x, 0, 4, SIDE);
            }
        } else {
            graphics.fillOval(8 + shift, 8 + random.nextInt(8), 36, 36);
        }
        graphics.dispose();
        Files.createDirectories(file.getParent());
        ImageIO.write(image, "png", file.toFile());
    }
}
