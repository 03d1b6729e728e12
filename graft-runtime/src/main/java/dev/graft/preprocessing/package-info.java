/**
 * Layers that prepare pictures: resizing and cropping, and random changes that act in training only. Each works inside a
 * model and, picture by picture, on host tensors in front of one. Names, parameters and formulas are Keras 3's (its
 * {@code keras/src/layers/preprocessing}), those of {@link dev.graft.preprocessing.TrivialAugment}, {@link
 * dev.graft.preprocessing.RandAugment}, {@link dev.graft.preprocessing.RandomResizedCrop} and {@link
 * dev.graft.preprocessing.ColorJitter} torchvision's; {@link dev.graft.preprocessing.Augmentation} puts random layers together. Where Keras' code does less than its documentation says (a random
 * crop in inference, a single contrast factor), the documentation is followed. Pixel work is done once, in Java, on planes
 * of floats.
 */
@NullMarked
package dev.graft.preprocessing;

import org.jspecify.annotations.NullMarked;
