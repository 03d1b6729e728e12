package dev.graft.examples;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.imageio.ImageIO;

/**
 * Folders of drawn pictures, a subfolder a class, for who has no pictures at hand. The same seed draws the same pictures.
 */
final class Drawings {
    private static final List<String> PERSONS =
            List.of("anna", "boris", "carla", "deniz", "emma", "felix", "gloria", "hugo", "irene", "jonas");

    private Drawings() {}

    /** Circles, squares, triangles and stars in any colour, size and place. */
    static Path shapes(Path folder, int perClass, int size, long seed) {
        Map<String, Shape> shapes = new LinkedHashMap<>();
        shapes.put("circle", new Ellipse2D.Double(-1, -1, 2, 2));
        shapes.put("square", new Rectangle2D.Double(-0.9, -0.9, 1.8, 1.8));
        shapes.put("triangle", star(3, 0.5));
        shapes.put("star", star(5, 0.4));
        return shapes(folder, shapes, perClass, size, seed);
    }

    /** As {@link #shapes(Path, int, int, long)} with circles and stars only, for a question with two answers. */
    static Path twoShapes(Path folder, int perClass, int size, long seed) {
        Map<String, Shape> shapes = new LinkedHashMap<>();
        shapes.put("circle", new Ellipse2D.Double(-1, -1, 2, 2));
        shapes.put("star", star(5, 0.4));
        return shapes(folder, shapes, perClass, size, seed);
    }

    /**
     * Portraits of some persons (10 at most), each with a face and hair of their own, in changing place, tilt, mood and
     * light.
     */
    static Path faces(Path folder, int persons, int perPerson, int size, long seed) {
        if (persons < 1 || persons > PERSONS.size()) {
            throw new IllegalArgumentException(persons + " persons; between 1 and " + PERSONS.size() + " can be drawn");
        }
        SplittableRandom random = new SplittableRandom(seed);
        for (int person = 0; person < persons; person++) {
            DrawnFace face = DrawnFace.of(person, random);
            String name = PERSONS.get(person);
            for (int i = 0; i < perPerson; i++) {
                write(folder.resolve(name).resolve(name + "-" + i + ".png"), size, g -> face.draw(g, random));
            }
        }
        return folder;
    }

    /** A new folder, deleted when the program ends. */
    static Path temporaryFolder() {
        try {
            Path folder = Files.createTempDirectory("graft-drawings");
            Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder)));
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path folder) {
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path shapes(Path folder, Map<String, Shape> shapes, int perClass, int size, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        shapes.forEach((name, shape) -> {
            for (int i = 0; i < perClass; i++) {
                write(folder.resolve(name).resolve(name + "-" + i + ".png"), size, g -> draw(g, shape, random));
            }
        });
        return folder;
    }

    /** A light shape on dark ground, or the other way round. */
    private static void draw(Graphics2D g, Shape shape, SplittableRandom random) {
        boolean light = random.nextBoolean();
        g.setColor(colour(random, light ? 0.1 : 0.75));
        g.fill(new Rectangle2D.Double(0, 0, 1, 1));

        double radius = random.nextDouble(0.16, 0.36);
        AffineTransform place = new AffineTransform();
        place.translate(random.nextDouble(radius, 1 - radius), random.nextDouble(radius, 1 - radius));
        place.rotate(random.nextDouble(-0.4, 0.4));
        place.scale(radius, radius);
        Shape placed = place.createTransformedShape(shape);
        g.setColor(colour(random, light ? 0.75 : 0.1));
        g.fill(placed);
        g.setStroke(new BasicStroke(0.015f));
        g.setColor(light ? Color.WHITE : Color.BLACK);
        g.draw(placed);
    }

    /** Any hue, in a brightness up to a quarter above the one given. */
    private static Color colour(SplittableRandom random, double brightness) {
        return Color.getHSBColor((float) random.nextDouble(), (float) random.nextDouble(0.2, 0.8), (float)
                random.nextDouble(brightness, brightness + 0.25));
    }

    /** A star around the origin, the first point up at distance 1; with 3 points and the depth 0.5, a triangle. */
    private static Shape star(int points, double depth) {
        Path2D.Double path = new Path2D.Double();
        for (int i = 0; i < 2 * points; i++) {
            double distance = i % 2 == 0 ? 1 : depth;
            double angle = Math.PI * i / points;
            double x = distance * Math.sin(angle);
            double y = -distance * Math.cos(angle);
            if (i == 0) {
                path.moveTo(x, y);
            } else {
                path.lineTo(x, y);
            }
        }
        path.closePath();
        return path;
    }

    /** One picture, drawn in coordinates from 0 to 1. */
    private static void write(Path file, int size, Consumer<Graphics2D> drawing) {
        BufferedImage image = new BufferedImage(size, size, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = image.createGraphics();
        try {
            g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
            g.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
            g.scale(size, size);
            drawing.accept(g);
        } finally {
            g.dispose();
        }
        try {
            Files.createDirectories(file.getParent());
            ImageIO.write(image, "png", file.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
