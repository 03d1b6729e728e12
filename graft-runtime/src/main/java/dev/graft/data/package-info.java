/**
 * Pictures: folders of them, the split into training, validation and test parts, decoding, resizing and views.
 * {@link dev.graft.data.ImageFolder} finds the files, {@link dev.graft.data.PictureReader} turns the bytes of one into the
 * numbers a network takes. Decoding is OpenCV's; every file is looked at before OpenCV gets it, because a folder of pictures is input
 * from strangers. Nothing here loads libtorch or ONNX Runtime.
 */
@NullMarked
package dev.graft.data;

import org.jspecify.annotations.NullMarked;
