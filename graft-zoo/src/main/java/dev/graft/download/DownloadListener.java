package dev.graft.download;

/** Is told how a download goes. Calls come from the downloading thread, one at a time. */
public interface DownloadListener {
    /** Shows nothing. */
    DownloadListener SILENT = new DownloadListener() {};

    /** Bytes begin to come from that address or folder, after those that are here from an earlier run. */
    default void started(String from, long bytesHere) {}

    /**
     * So many bytes are here.
     *
     * @param total of the whole file, or -1 where the server does not say
     */
    default void progress(long bytes, long total) {}

    /** Another process downloads the same file; this one waits for it. */
    default void waiting() {}
}
