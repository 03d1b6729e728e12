package dev.graft.cli;

import dev.graft.download.DownloadListener;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Shows on a terminal how a download goes. */
final class DownloadDisplay implements DownloadListener {
    private final Terminal terminal;
    private final String name;
    private @Nullable Progress progress;
    private long bytes;

    DownloadDisplay(Terminal terminal, String name) {
        this.terminal = terminal;
        this.name = name;
    }

    @Override
    public void started(String from, long bytesHere) {
        String verb = bytesHere > 0 ? "going on after " + Text.bytes(bytesHere) + " with " : "fetching ";
        terminal.line(name + ": " + verb + Text.printable(from));
        progress = Progress.ofBytes(terminal, "  " + name, bytesHere);
    }

    @Override
    public void progress(long here, long total) {
        bytes = here;
        if (progress != null && total >= 0) {
            progress.at(here, total);
        } else {
            terminal.status("  " + name + " " + Text.bytes(here));
        }
    }

    @Override
    public void waiting() {
        terminal.line(name + ": another Graft is fetching it; waiting for that");
    }

    /** The last line. */
    String done(Path file) {
        if (progress == null) {
            return name + ": here already, as " + Text.path(file);
        }
        String what = bytes > 0 ? Text.bytes(bytes) + " in " + Text.seconds(progress.seconds()) + ", " : "";
        return name + ": " + what + "kept as " + Text.path(file);
    }
}
