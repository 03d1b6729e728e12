package dev.graft.transfer.features;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.Sha256;
import dev.graft.testing.Folders;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;

/** A store in a temporary folder, with records that can be told apart. */
abstract class FeatureStoreFixture {
    static final int RECORD = 64;
    static final long ROOMY = 1 << 20;
    static final String PREFIX = "ab".repeat(32);

    @TempDir
    Path root;

    FeatureStore open() {
        return open(PREFIX, ROOMY);
    }

    /** What the stores told. */
    final List<String> told = new ArrayList<>();

    FeatureStore open(String prefix, long cap) {
        return open(root, prefix, cap);
    }

    FeatureStore open(Path folder, String prefix, long cap) {
        return FeatureStore.open(
                new CacheRoom(folder, cap),
                new FeatureStore.Kind(prefix, RECORD),
                message -> told.add(message.toString()));
    }

    static String key(int number) {
        return Sha256.of(Integer.toString(number));
    }

    static byte[] record(int number) {
        byte[] bytes = new byte[RECORD];
        for (int i = 0; i < RECORD; i++) {
            bytes[i] = (byte) (number * 31 + i);
        }
        return bytes;
    }

    static void fill(FeatureStore store, int from, int to) {
        for (int i = from; i < to; i++) {
            store.append(key(i), ByteBuffer.wrap(record(i)));
        }
        store.flush();
    }

    /** True if the store gives the record, which must then be the one that was put in. */
    static boolean gives(FeatureStore store, int number) {
        ByteBuffer into = ByteBuffer.allocate(RECORD);
        boolean found = store.read(key(number), into);
        if (found) {
            assertThat(into.array()).isEqualTo(record(number));
        } else {
            assertThat(into.position())
                    .as("nothing is written where nothing is found")
                    .isZero();
        }
        return found;
    }

    List<Path> files(String suffix) throws IOException {
        return Folders.files(root, suffix);
    }

    Path onlySegment() throws IOException {
        assertThat(files(Segment.SUFFIX)).hasSize(1);
        return files(Segment.SUFFIX).get(0);
    }
}
