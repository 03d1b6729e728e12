package dev.graft.dataset;

import dev.graft.tensor.HostTensor;
import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.Image;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;

/**
 * Draws a grid: pictures of middle size as they are, small ones enlarged by a whole factor, large ones made smaller.
 */
final class GridPainter {
    private static final int LARGE = 256;
    private static final int MARGIN = 16;
    private static final int CAPTION = 24;
    private static final int FONT_SIZE = 14;
    /** Around each picture, so that a white sky ends somewhere. */
    private static final Color EDGE = new Color(0xC8, 0xC8, 0xC8);

    private static final Color INK = new Color(0x20, 0x20, 0x20);
    private static final String CUT = "\u2026";

    private final Grid grid;
    private final int cell;
    private final int caption;

    private GridPainter(Grid grid) {
        this.grid = grid;
        this.cell = grid.cells().stream()
                .mapToInt(shown -> longer(shown.picture()) * factor(shown.picture()))
                .map(side -> Math.min(side, LARGE))
                .max()
                .orElse(LARGE);
        this.caption = grid.cells().stream().allMatch(shown -> shown.caption().isEmpty()) ? 0 : CAPTION;
    }

    static BufferedImage paint(Grid grid) {
        return new GridPainter(grid).paint();
    }

    private BufferedImage paint() {
        int rows = (grid.cells().size() + Grid.COLUMNS - 1) / Grid.COLUMNS;
        int width = MARGIN + Grid.COLUMNS * (cell + MARGIN);
        int height = MARGIN + rows * (caption + cell + MARGIN);
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        try {
            graphics.setColor(Color.WHITE);
            graphics.fillRect(0, 0, width, height);
            for (int i = 0; i < grid.cells().size(); i++) {
                int x = MARGIN + i % Grid.COLUMNS * (cell + MARGIN);
                int y = MARGIN + i / Grid.COLUMNS * (caption + cell + MARGIN);
                paintCell(graphics, grid.cells().get(i), x, y);
            }
        } finally {
            graphics.dispose();
        }
        return image;
    }

    private void paintCell(Graphics2D graphics, Grid.Cell shown, int x, int y) {
        BufferedImage picture = picture(shown.picture());
        double scale = Math.min(factor(shown.picture()), (double) cell / longer(shown.picture()));
        int width = Math.max(1, (int) Math.round(picture.getWidth() * scale));
        int height = Math.max(1, (int) Math.round(picture.getHeight() * scale));
        Image drawn = scale < 1 ? picture.getScaledInstance(width, height, Image.SCALE_AREA_AVERAGING) : picture;
        // whole factors of small pictures show their pixels
        graphics.setRenderingHint(
                RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_NEAREST_NEIGHBOR);
        int left = x + (cell - width) / 2;
        int top = y + caption + (cell - height) / 2;
        graphics.setColor(EDGE);
        graphics.drawRect(left - 1, top - 1, width + 1, height + 1);
        graphics.drawImage(drawn, left, top, width, height, null);
        if (!shown.caption().isEmpty()) {
            write(graphics, shown.caption(), x, y);
        }
    }

    /** Machines without fonts, as some containers are, get the pictures without names. */
    private void write(Graphics2D graphics, String text, int x, int y) {
        try {
            graphics.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
            graphics.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, FONT_SIZE));
            graphics.setColor(INK);
            FontMetrics metrics = graphics.getFontMetrics();
            String line = fitting(text, metrics);
            int baseline = y + (CAPTION - metrics.getDescent() + metrics.getAscent()) / 2 - 2;
            graphics.drawString(line, x + (cell - metrics.stringWidth(line)) / 2, baseline);
        } catch (RuntimeException | InternalError | LinkageError noFonts) {
            // The pictures are what matters.
        }
    }

    private String fitting(String text, FontMetrics metrics) {
        if (metrics.stringWidth(text) <= cell) {
            return text;
        }
        int end = text.length();
        while (end > 0 && metrics.stringWidth(text.substring(0, end) + CUT) > cell) {
            end = text.offsetByCodePoints(end, -1);
        }
        return text.substring(0, end).stripTrailing() + CUT;
    }

    private BufferedImage picture(HostTensor tensor) {
        int height = tensor.shape().size(1);
        int width = tensor.shape().size(2);
        int plane = height * width;
        int green = tensor.shape().size(0) == 1 ? 0 : plane;
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int at = 0; at < plane; at++) {
            int rgb = level(tensor.get(at)) << 16
                    | level(tensor.get(at + green)) << 8
                    | level(tensor.get(at + 2 * green));
            image.setRGB(at % width, at / width, rgb);
        }
        return image;
    }

    private int level(float value) {
        double share = (value - grid.low()) / (grid.high() - grid.low());
        return (int) Math.round(255 * Math.max(0, Math.min(1, share)));
    }

    private static int longer(HostTensor picture) {
        return Math.max(picture.shape().size(1), picture.shape().size(2));
    }

    /** By how much a small picture is enlarged. */
    private static int factor(HostTensor picture) {
        return Math.max(1, LARGE / longer(picture));
    }
}
