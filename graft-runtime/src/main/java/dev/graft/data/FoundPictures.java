package dev.graft.data;

import java.nio.file.Path;
import java.util.List;

/**
 * The pictures in a folder and all folders below, and what else is there.
 *
 * @param pictures sorted by path
 * @param passedOver what is left alone, each with its reason
 * @param remarks the same in words, a sentence for each kind of thing
 */
public record FoundPictures(List<Path> pictures, List<Skipped> passedOver, List<String> remarks) {
    public FoundPictures {
        pictures = List.copyOf(pictures);
        passedOver = List.copyOf(passedOver);
        remarks = List.copyOf(remarks);
    }
}
