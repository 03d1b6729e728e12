package dev.graft;

import java.util.List;

/** Loads native libraries on a thread of their own while the program does its first work: they take half a second. */
public final class Preload {
    private Preload() {}

    /** Runs the loaders one after the other. A failure is left to whoever needs the library: it fails there again. */
    public static void start(Runnable... loaders) {
        Thread thread = new Thread(() -> List.of(loaders).forEach(Preload::attempt), "graft-preload");
        thread.setDaemon(true);
        thread.start();
    }

    private static void attempt(Runnable loader) {
        try {
            loader.run();
        } catch (RuntimeException | LinkageError e) {
            // Told where the library is used, with the place and the remedy.
        }
    }
}
