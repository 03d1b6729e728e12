package dev.graft.examples;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.Arc2D;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.QuadCurve2D;
import java.awt.geom.Rectangle2D;
import java.util.SplittableRandom;

/**
 * What of a face stays the same from portrait to portrait. Lengths are parts of the picture's side.
 *
 * @param width half the width of the head
 * @param height half its height
 * @param eyes half the distance between the eyes
 * @param mouth half the mouth's width
 * @param brows by how much the eyebrows rise to the outside
 */
record DrawnFace(
        Color skin,
        Color hair,
        Hair cut,
        double width,
        double height,
        double eyes,
        double mouth,
        double brows,
        boolean glasses,
        boolean beard) {
    private static final Color[] SKINS = {
        new Color(0xF3D3BC), new Color(0xC68E63), new Color(0xE6B48F), new Color(0x7D5236), new Color(0xA66F48)
    };
    private static final Color[] HAIRS = {
        new Color(0x2A1B12), new Color(0xD9A441), new Color(0x8C3B1B), new Color(0x9A9A9A), new Color(0x5A3A22)
    };

    /** How the hair is worn. */
    enum Hair {
        LONG,
        SHORT,
        BALD,
        CURLY
    }

    /** Another face for each number: cut, hair and skin go round in different steps, the rest is drawn by lot. */
    static DrawnFace of(int person, SplittableRandom random) {
        Hair cut = Hair.values()[person % Hair.values().length];
        return new DrawnFace(
                SKINS[person * 2 % SKINS.length],
                HAIRS[person % HAIRS.length],
                cut,
                random.nextDouble(0.19, 0.26),
                random.nextDouble(0.27, 0.33),
                random.nextDouble(0.075, 0.115),
                random.nextDouble(0.06, 0.12),
                random.nextDouble(-0.03, 0.03),
                person % 3 == 1,
                cut != Hair.LONG && person % 2 == 1);
    }

    /** One portrait, in coordinates from 0 to 1: place, tilt, mood, background and light differ each time. */
    void draw(Graphics2D g, SplittableRandom random) {
        g.setColor(Color.getHSBColor((float) random.nextDouble(), 0.25f, (float) random.nextDouble(0.4, 0.9)));
        g.fill(new Rectangle2D.Double(0, 0, 1, 1));

        var straight = g.getTransform();
        g.translate(0.5 + random.nextDouble(-0.08, 0.08), 0.52 + random.nextDouble(-0.06, 0.06));
        g.rotate(random.nextDouble(-0.2, 0.2));
        double near = random.nextDouble(0.9, 1.1);
        g.scale(near, near);
        head(g);
        eyes(g, random.nextDouble(0.5, 1));
        mouth(g, random.nextDouble(-0.5, 1));

        g.setTransform(straight);
        g.setColor(light(random));
        g.fill(new Rectangle2D.Double(0, 0, 1, 1));
    }

    private void head(Graphics2D g) {
        g.setColor(hair);
        if (cut == Hair.LONG) {
            g.fill(ellipse(0, -0.02, width + 0.07, height + 0.06));
            g.fill(new Rectangle2D.Double(-width - 0.07, 0, 2 * width + 0.14, height + 0.08));
        } else if (cut == Hair.CURLY) {
            for (int i = -4; i <= 4; i++) {
                double angle = i * 0.38;
                g.fill(ellipse(Math.sin(angle) * width, -Math.cos(angle) * height, 0.08, 0.08));
            }
        }
        g.setColor(skin);
        g.fill(ellipse(-width, 0.02, 0.035, 0.06));
        g.fill(ellipse(width, 0.02, 0.035, 0.06));
        g.fill(ellipse(0, 0, width, height));
        g.setColor(hair);
        if (beard) {
            chord(g, 215, 110);
        }
        if (cut == Hair.SHORT || cut == Hair.LONG) {
            chord(g, 35, 110);
        }
    }

    /** The part of the head between two points of its outline, angles in degrees from the right. */
    private void chord(Graphics2D g, double start, double extent) {
        g.fill(new Arc2D.Double(-width, -height, 2 * width, 2 * height, start, extent, Arc2D.CHORD));
    }

    private void eyes(Graphics2D g, double open) {
        for (int side = -1; side <= 1; side += 2) {
            double x = side * eyes;
            g.setColor(Color.WHITE);
            g.fill(ellipse(x, -0.04, 0.042, 0.03 * open));
            g.setColor(new Color(0x221A15));
            g.fill(ellipse(x, -0.04, 0.018, 0.02 * open));
            g.setStroke(round(0.018));
            g.setColor(cut == Hair.BALD ? new Color(0x4A3A30) : hair.darker());
            g.draw(new Line2D.Double(x - side * 0.035, -0.1, x + side * 0.035, -0.1 - brows));
            if (glasses) {
                g.setColor(Color.BLACK);
                g.setStroke(round(0.012));
                g.draw(ellipse(x, -0.04, 0.062, 0.055));
            }
        }
        if (glasses) {
            g.draw(new Line2D.Double(-eyes + 0.062, -0.04, eyes - 0.062, -0.04));
        }
        g.setColor(skin.darker());
        g.setStroke(round(0.014));
        g.draw(new QuadCurve2D.Double(0, -0.02, 0.035, 0.06, -0.01, 0.065));
    }

    /** From sad, -1, to merry, 1. */
    private void mouth(Graphics2D g, double mood) {
        g.setColor(new Color(0xA03A3A));
        g.setStroke(round(0.022));
        g.draw(new QuadCurve2D.Double(-mouth, 0.14, 0, 0.14 + 0.08 * mood, mouth, 0.14));
    }

    /** Light or shade to lay over the picture, up to a quarter opaque. */
    private static Color light(SplittableRandom random) {
        int white = random.nextBoolean() ? 255 : 0;
        return new Color(white, white, white, random.nextInt(64));
    }

    private static BasicStroke round(double width) {
        return new BasicStroke((float) width, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND);
    }

    private static Ellipse2D ellipse(double x, double y, double halfWidth, double halfHeight) {
        return new Ellipse2D.Double(x - halfWidth, y - halfHeight, 2 * halfWidth, 2 * halfHeight);
    }
}
