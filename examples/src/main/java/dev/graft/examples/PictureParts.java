package dev.graft.examples;

import dev.graft.data.ImageFolder;
import dev.graft.data.InputGeometry;
import dev.graft.data.Splits;
import dev.graft.dataset.Dataset;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;

/**
 * The pictures of a folder, decoded when they are taken.
 *
 * @param training what is learnt from, in the order of the folder
 * @param validation what says which epoch is the best, and when to stop
 * @param test what no decision was made on
 */
record PictureParts(Dataset training, Dataset validation, Dataset test) {
    /** Takes folders {@code train}, {@code val} and {@code test} where they are there; cuts off the other parts. */
    static PictureParts read(Path folder, InputGeometry geometry, PrintStream out) {
        Splits splits = ImageFolder.read(folder).split(0.1, 0.2, 42);
        PictureParts parts = new PictureParts(
                Dataset.ofPictures(splits.train(), geometry),
                Dataset.ofPictures(splits.validation(), geometry),
                Dataset.ofPictures(splits.testPart().orElseThrow(), geometry));
        out.println(parts.classes().size() + " classes; pictures to learn from: " + parts.training.size()
                + ", to validate on: " + parts.validation.size() + ", to test on: " + parts.test.size());
        return parts;
    }

    List<String> classes() {
        return training.classes();
    }
}
