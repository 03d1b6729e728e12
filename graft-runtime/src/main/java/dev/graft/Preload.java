package dev.graft;

/** Loads native libraries in the background while the program does its first work: they take half a second each. */
public final class Preload {
    private Preload() {}

    /** Runs each loader on its own thread. A failure is left to whoever needs the library: it fails there again. */
    public static void start(Runnable... loaders) {
        for (Runnable loader : loaders) {
            Thread thread = new Thread(() -> attempt(loader), "graft-preload");
            thread.setDaemon(true);
            thread.start();
        }
    }

    private static void attempt(Runnable loader) {
        try {
            loader.run();
        } catch (RuntimeException | Error e) {
            // Told where the library is used, with the place and the remedy.
        }
    }
}
