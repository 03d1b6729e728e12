package dev.graft.data;

/** One picture to be loaded, and which view of it. */
public record PictureItem(Picture picture, View view) {}
