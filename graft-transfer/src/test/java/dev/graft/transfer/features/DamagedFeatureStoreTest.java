package dev.graft.transfer.features;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.testing.Folders;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever is done to its files, the store gives back what was put in, or nothing. */
class DamagedFeatureStoreTest extends FeatureStoreFixture {
    enum Damage {
        TRUNCATED {
            @Override
            void to(RandomAccessFile file) throws IOException {
                file.setLength(file.length() - 7);
            }
        },
        EMPTY {
            @Override
            void to(RandomAccessFile file) throws IOException {
                file.setLength(0);
            }
        },
        INDEX {
            @Override
            void to(RandomAccessFile file) throws IOException {
                flip(file, 5 * RECORD + 40);
            }
        },
        MAGIC {
            @Override
            void to(RandomAccessFile file) throws IOException {
                flip(file, file.length() - 1);
            }
        },
        COUNT {
            @Override
            void to(RandomAccessFile file) throws IOException {
                flip(file, file.length() - 17);
            }
        },
        GARBAGE {
            @Override
            void to(RandomAccessFile file) throws IOException {
                file.write("this was no segment, ever".repeat(30).getBytes(StandardCharsets.UTF_8));
            }
        };

        abstract void to(RandomAccessFile file) throws IOException;

        static void flip(RandomAccessFile file, long at) throws IOException {
            file.seek(at);
            int was = file.read();
            file.seek(at);
            file.write(was ^ 1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aDamagedSegmentIsDroppedAndMayBeWrittenAgain(Damage damage) throws IOException {
        try (FeatureStore store = open()) {
            fill(store, 0, 5);
        }
        Path segment = onlySegment();
        try (RandomAccessFile file = new RandomAccessFile(segment.toFile(), "rw")) {
            damage.to(file);
        }
        try (FeatureStore store = open()) {
            for (int i = 0; i < 5; i++) {
                assertThat(store.contains(key(i))).isFalse();
            }
            assertThat(segment).doesNotExist();
            fill(store, 0, 5);
            assertThat(gives(store, 2)).isTrue();
        }
    }

    @Test
    void aDamagedRecordIsNotGivenAndItsSegmentIsComputedAgainByTheNextRun() throws IOException {
        try (FeatureStore store = open()) {
            fill(store, 0, 5);
        }
        try (RandomAccessFile file = new RandomAccessFile(onlySegment().toFile(), "rw")) {
            Damage.flip(file, 2 * RECORD + 3);
        }
        try (FeatureStore store = open()) {
            assertThat(gives(store, 1)).isTrue();
            assertThat(gives(store, 2)).isFalse();
        }
        try (FeatureStore next = open()) {
            assertThat(next.contains(key(2))).isFalse();
            fill(next, 0, 5);
            assertThat(gives(next, 2)).isTrue();
        }
    }

    @Test
    void filesMayBeDeletedWhileTheStoreIsOpen() throws IOException {
        try (FeatureStore store = open()) {
            fill(store, 0, 5);
            Files.delete(onlySegment());
            gives(store, 1);
            fill(store, 5, 9);
            assertThat(gives(store, 6)).isTrue();
        }
    }

    @Test
    void theWholeFolderMayBeDeletedAtAnyMoment() throws IOException {
        try (FeatureStore store = open()) {
            store.append(key(0), ByteBuffer.wrap(record(0)));
            Folders.delete(root);
            store.append(key(1), ByteBuffer.wrap(record(1)));
            store.flush();
            assertThat(gives(store, 0)).isFalse();
            Folders.delete(root);
            fill(store, 2, 4);
            assertThat(gives(store, 3)).isTrue();
            Folders.delete(root);
            assertThat(store.bytes()).isZero();
        }
        try (FeatureStore next = open()) {
            assertThat(gives(next, 3)).isFalse();
        }
    }
}
