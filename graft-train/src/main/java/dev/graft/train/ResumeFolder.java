package dev.graft.train;

import dev.graft.GraftException;
import dev.graft.WholeFile;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The folder of one training from which it can go on when its process was killed, at whatever moment: points are written
 * one after the other, each as a whole or not at all, and the newest two stay.
 *
 * <p>Not to be shared: of two processes that write into it neither could go on.
 */
public final class ResumeFolder {
    private static final int KEPT = 2;
    private static final Pattern NAME = Pattern.compile("resume-(\\d{1,18})\\.safetensors");
    private static final String HALF = ".graft-*.half";

    private record Numbered(long number, Path path) {}

    private final Path folder;

    private ResumeFolder(Path folder) {
        this.folder = folder;
    }

    /** The folder, which is made with the first point. */
    public static ResumeFolder at(Path folder) {
        return new ResumeFolder(folder);
    }

    /**
     * Keeps a point, in place of all but the one before it.
     *
     * @throws GraftException if the file cannot be written; what was kept is still there then
     */
    public void write(ResumePoint point) {
        try {
            Files.createDirectories(folder);
            List<Numbered> there = newestFirst();
            long number = there.isEmpty() ? 1 : there.get(0).number() + 1;
            ResumeFile.write(folder.resolve("resume-" + number + ".safetensors"), point);
            for (Numbered old : there.subList(Math.min(KEPT - 1, there.size()), there.size())) {
                removeSoon(old.path());
            }
            deleteHalves();
        } catch (IOException e) {
            throw WholeFile.at(folder).failure(e);
        }
    }

    /**
     * Whether no point is in it, be it whole or not.
     *
     * @throws GraftException if the folder cannot be read
     */
    public boolean isEmpty() {
        return files().isEmpty();
    }

    /**
     * The newest point that is whole, or nothing where none was written.
     *
     * @param damaged is told, in a line each, of files that had to be passed over
     * @throws GraftException if there are files and none of them is whole
     */
    public Optional<ResumePoint> newest(Consumer<String> damaged) {
        List<String> faults = new ArrayList<>();
        for (Numbered file : files()) {
            try {
                ResumePoint point = ResumeFile.read(file.path());
                faults.forEach(damaged);
                return Optional.of(point);
            } catch (GraftException e) {
                faults.add(e.getMessage());
            }
        }
        if (!faults.isEmpty()) {
            throw new GraftException(folder + ": nothing that could be resumed is whole: " + String.join("; ", faults)
                    + ". Begin again");
        }
        return Optional.empty();
    }

    /**
     * Removes all points: after a training that ended, or to start over.
     *
     * @throws GraftException if a file cannot be removed
     */
    public void clear() {
        try {
            for (Numbered file : files()) {
                Files.deleteIfExists(file.path());
            }
            deleteHalves();
        } catch (IOException e) {
            throw new GraftException(folder + ": cannot be emptied: " + WholeFile.reason(e), e);
        }
    }

    /**
     * Removes all points and the folder, if nothing else is in it.
     *
     * @throws GraftException if a file cannot be removed
     */
    public void remove() {
        clear();
        try {
            Files.deleteIfExists(folder);
        } catch (DirectoryNotEmptyException e) {
            // Somebody put something there.
        } catch (IOException e) {
            throw new GraftException(folder + ": cannot be removed: " + WholeFile.reason(e), e);
        }
    }

    private static void removeSoon(Path old) {
        try {
            Files.deleteIfExists(old);
        } catch (IOException e) {
            // Windows removes no file that is still mapped: the next point tries again.
        }
    }

    private List<Numbered> files() {
        try {
            return newestFirst();
        } catch (IOException e) {
            throw new GraftException(folder + ": cannot be read: " + WholeFile.reason(e), e);
        }
    }

    private List<Numbered> newestFirst() throws IOException {
        List<Numbered> found = new ArrayList<>();
        if (Files.isDirectory(folder)) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
                for (Path file : files) {
                    Matcher name = NAME.matcher(file.getFileName().toString());
                    if (name.matches()) {
                        found.add(new Numbered(Long.parseLong(name.group(1)), file));
                    }
                }
            }
        }
        found.sort(Comparator.comparingLong(Numbered::number).reversed());
        return found;
    }

    /** What processes that were killed in the middle of a file left. */
    private void deleteHalves() throws IOException {
        if (Files.isDirectory(folder)) {
            try (DirectoryStream<Path> halves = Files.newDirectoryStream(folder, HALF)) {
                for (Path half : halves) {
                    Files.deleteIfExists(half);
                }
            }
        }
    }
}
