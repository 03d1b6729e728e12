package dev.graft.download;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * A file at its publisher's.
 *
 * @param name its path in the store and in a mirror: one name, or several with slashes between them
 * @param address where the publisher has it
 * @param checksum of its content, or null where the publisher gives none
 */
public record RemoteFile(String name, URI address, @Nullable Checksum checksum) implements FetchedFile {
    @Override
    public String byHand() {
        return "fetch " + address + " elsewhere";
    }
}
