package dev.graft.zoo;

import java.util.List;
import java.util.stream.Stream;

/**
 * Networks of one architecture, which one file defines: how they are drawn, in which variants, with which published weights,
 * and what the layers are called in the files of those who publish them.
 *
 * @param name that of the file
 * @param published in the order in which users see them
 */
record Family(String name, List<Pretrained> published) {
    Family {
        published = List.copyOf(published);
    }

    static Family of(String name, Pretrained... published) {
        return new Family(name, List.of(published));
    }

    /** One with the weights of several publishers. */
    @SafeVarargs
    static Family of(String name, List<Pretrained>... published) {
        return new Family(name, Stream.of(published).flatMap(List::stream).toList());
    }
}
