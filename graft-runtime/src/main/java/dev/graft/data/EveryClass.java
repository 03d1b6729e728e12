package dev.graft.data;

import dev.graft.GraftException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Whether every class has pictures enough to train on, and how that is said of folders and of lists.
 *
 * @param source all of it
 * @param places how each class is named in messages
 * @param nothing what is said of a class that has no files at all
 * @param leaveOut how a class is left out
 * @param leaveAllOut how several are
 * @param more how a second class comes in
 */
record EveryClass(
        String source, List<String> places, String nothing, String leaveOut, String leaveAllOut, String more) {
    /**
     * Refuses pictures that do not suffice.
     *
     * @param least how many each class must have
     * @param others what each class has that is no picture, by extension
     * @throws GraftException naming all classes that have fewer, and what they have instead
     */
    void require(PictureSet set, int least, List<Map<String, Integer>> others) {
        int[] counts = set.countPerClass();
        requireSome(set, counts, others);
        int[] few = labels(counts, least);
        if (few.length > 0) {
            boolean one = few.length == 1;
            String names = IntStream.of(few).mapToObj(set.classes()::get).collect(Collectors.joining(", "));
            throw new GraftException((one ? places.get(few[0]) : source + ": " + names) + ": only one picture in "
                    + (one ? "this class" : "each of these classes")
                    + ", which cannot be both learnt from and validated on; add more, or "
                    + (one ? leaveOut : leaveAllOut));
        }
        if (set.classes().size() == 1) {
            throw new GraftException(
                    source + ": only one class, '" + set.classes().get(0) + "'; " + more);
        }
    }

    private void requireSome(PictureSet set, int[] counts, List<Map<String, Integer>> others) {
        int[] none = labels(counts, 1);
        if (none.length == 0) {
            return;
        }
        List<String> found = IntStream.of(none)
                .mapToObj(label -> others.get(label).isEmpty() ? nothing : OtherFiles.text(others.get(label)))
                .toList();
        if (none.length == 1) {
            throw new GraftException(places.get(none[0]) + ": no pictures in this class (" + found.get(0)
                    + "); add JPEG or PNG files, or " + leaveOut);
        }
        String each = IntStream.range(0, none.length)
                .mapToObj(i -> set.classes().get(none[i]) + " (" + found.get(i) + ")")
                .collect(Collectors.joining(", "));
        throw new GraftException(source + ": no pictures in " + none.length + " of its " + counts.length + " classes: "
                + each + "; add JPEG or PNG files, or " + leaveAllOut);
    }

    /** The classes that have fewer. */
    private static int[] labels(int[] counts, int least) {
        return IntStream.range(0, counts.length)
                .filter(label -> counts[label] < least)
                .toArray();
    }
}
