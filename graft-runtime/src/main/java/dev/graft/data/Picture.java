package dev.graft.data;

import java.nio.file.Path;

/**
 * One labelled picture.
 *
 * @param path where the file is
 * @param label the index of its class in {@link PictureSet#classes()}
 */
public record Picture(Path path, int label) {}
