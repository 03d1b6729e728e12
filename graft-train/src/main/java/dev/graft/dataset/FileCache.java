package dev.graft.dataset;

import dev.graft.GraftException;
import dev.graft.WholeFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Examples out of a file, which is made when the first one is asked for. A file that is found is used if its
 * fingerprint is right and a few examples, made again, are as it says: that shows a map whose function was changed.
 */
final class FileCache extends DatasetStage.Over {
    private static final int COMPARED = 8;

    private final Path file;
    private volatile @Nullable CacheFile opened;
    private boolean remade;

    FileCache(DatasetStage base, Path file) {
        super(base);
        this.file = file;
    }

    @Override
    public Example get(int index, int epoch) {
        CacheFile cache = opened;
        if (cache == null) {
            cache = open();
        }
        try {
            return cache.read(index);
        } catch (IOException damaged) {
            try {
                return remake(cache, damaged).read(index);
            } catch (IOException again) {
                throw changedInUse(again);
            }
        }
    }

    private synchronized CacheFile open() {
        CacheFile cache = opened;
        if (cache == null) {
            byte[] fingerprint = fingerprint();
            cache = reuse(fingerprint);
            if (cache == null) {
                cache = make(fingerprint);
            }
            opened = cache;
        }
        return cache;
    }

    /** The file that is there, or null if there is none that holds these examples. */
    private @Nullable CacheFile reuse(byte[] fingerprint) {
        try {
            if (!Files.exists(file)) {
                return null;
            }
            if (!CacheFile.isOurs(file)) {
                throw new GraftException(file + ": is there and no cache of Graft; give another name, or delete it");
            }
        } catch (IOException e) {
            throw new GraftException(
                    file + ": cannot be read: " + WholeFile.reason(e) + "; give the cache another name", e);
        }
        try {
            CacheFile found = CacheFile.open(file, fingerprint, size());
            return isCurrent(found) ? found : null;
        } catch (IOException staleOrDamaged) {
            return null;
        }
    }

    private boolean isCurrent(CacheFile found) throws IOException {
        int compared = Math.min(COMPARED, size());
        for (int i = 0; i < compared; i++) {
            int index = compared == 1 ? 0 : (int) ((long) i * (size() - 1) / (compared - 1));
            if (!HostTensors.sameBits(found.read(index), base.get(index, 0))) {
                return false;
            }
        }
        return true;
    }

    private CacheFile make(byte[] fingerprint) {
        CacheFile.write(file, fingerprint, size(), index -> base.get(index, 0), Dataset.THREADS);
        try {
            return CacheFile.open(file, fingerprint, size());
        } catch (IOException e) {
            throw changedInUse(e);
        }
    }

    /** Makes the file again, once: whoever damages it a second time is at work on it now. */
    private synchronized CacheFile remake(CacheFile damaged, IOException why) {
        CacheFile now = opened;
        if (now != null && now != damaged) {
            return now;
        }
        if (remade) {
            throw changedInUse(why);
        }
        remade = true;
        now = make(fingerprint());
        opened = now;
        return now;
    }

    private byte[] fingerprint() {
        Fingerprint print = new Fingerprint();
        base.identify(print);
        return print.bytes();
    }

    private GraftException changedInUse(IOException e) {
        return new GraftException(
                file + ": the cache was changed while in use (" + WholeFile.reason(e)
                        + "); give every data set a cache file of its own",
                e);
    }
}
