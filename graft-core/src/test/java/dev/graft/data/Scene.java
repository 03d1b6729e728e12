package dev.graft.data;

import java.util.function.IntUnaryOperator;

/** A small picture without any symmetry that tests draw: gradients, a bright square, a dark bar. */
final class Scene {
    final int width;
    final int height;
    /** Levels 0 to 255, by row, column and channel. */
    final int[][][] levels;

    Scene(int width, int height) {
        this.width = width;
        this.height = height;
        this.levels = new int[height][width][3];
    }

    static Scene colours() {
        Scene scene = new Scene(40, 24);
        for (int y = 0; y < scene.height; y++) {
            for (int x = 0; x < scene.width; x++) {
                boolean square = x > 3 && x < 15 && y > 2 && y < 11;
                boolean bar = x > 22 && x < 37 && y > 15 && y < 20;
                scene.levels[y][x] = square
                        ? new int[] {230, 190, 40}
                        : bar ? new int[] {20, 30, 90} : new int[] {40 + 4 * x, 30 + 7 * y, 200 - 3 * x - 2 * y};
            }
        }
        return scene;
    }

    static Scene greys() {
        Scene colours = colours();
        return colours.map((x, y) -> {
            int grey = colours.levels[y][x][1];
            return new int[] {grey, grey, grey};
        });
    }

    /** What a pixel becomes. */
    interface Pixel {
        int[] at(int x, int y);
    }

    Scene map(Pixel pixel) {
        Scene result = new Scene(width, height);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                result.levels[y][x] = pixel.at(x, y);
            }
        }
        return result;
    }

    Scene each(IntUnaryOperator level) {
        return map((x, y) -> new int[] {
            level.applyAsInt(levels[y][x][0]), level.applyAsInt(levels[y][x][1]), level.applyAsInt(levels[y][x][2])
        });
    }

    /** With as many steps from black to white as {@code bits} allow. */
    Scene steps(int bits) {
        int most = (1 << bits) - 1;
        return bits >= 8 ? this : each(v -> (int) Math.round(Math.round(v * most / 255.0) * 255.0 / most));
    }

    /** Over white, with the transparency that {@link #alpha} gives. */
    Scene overWhite() {
        return map((x, y) -> {
            int alpha = alpha(x, y);
            int[] result = new int[3];
            for (int c = 0; c < 3; c++) {
                result[c] = (levels[y][x][c] * alpha + 255 * (255 - alpha) + 127) / 255;
            }
            return result;
        });
    }

    /** White where the pixels of the scene have this colour. */
    Scene without(int[] colour) {
        return map((x, y) -> java.util.Arrays.equals(levels[y][x], colour) ? new int[] {255, 255, 255} : levels[y][x]);
    }

    int alpha(int x, int y) {
        return x < 6 && y < 6 ? 0 : 255 * (2 * x + y) / (2 * width + height);
    }

    /** Turned right by a quarter, as orientation 6 asks for. */
    Scene turnedRight() {
        Scene result = new Scene(height, width);
        for (int y = 0; y < width; y++) {
            for (int x = 0; x < height; x++) {
                result.levels[y][x] = levels[height - 1 - x][y];
            }
        }
        return result;
    }

    byte[] bytes() {
        byte[] bytes = new byte[width * height * 3];
        int at = 0;
        for (int[][] row : levels) {
            for (int[] pixel : row) {
                for (int level : pixel) {
                    bytes[at++] = (byte) level;
                }
            }
        }
        return bytes;
    }
}
