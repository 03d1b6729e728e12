package dev.graft.transfer.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.graft.Workers;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** What the store keeps, for whom and for how long. */
class FeatureStoreTest extends FeatureStoreFixture {
    @Test
    void whatWasPutInComesOutAlsoOfALaterStore() {
        try (FeatureStore store = open()) {
            store.append(key(0), ByteBuffer.wrap(record(0)));
            assertThat(store.contains(key(0))).as("before the flush").isFalse();
            fill(store, 1, 5);
            assertThat(gives(store, 0) && gives(store, 4)).isTrue();
        }
        try (FeatureStore later = open();
                FeatureStore other = open("cd".repeat(32), ROOMY)) {
            assertThat(gives(later, 3)).isTrue();
            assertThat(gives(later, 9)).isFalse();
            assertThat(other.contains(key(3)))
                    .as("in the store of another prefix")
                    .isFalse();
        }
    }

    @Test
    void twoStoresOfOneFolderDoNotDisturbEachOther() {
        try (FeatureStore one = open();
                FeatureStore two = open()) {
            fill(one, 0, 5);
            fill(two, 0, 7);
            assertThat(gives(one, 4) && gives(two, 6)).isTrue();
        }
        try (FeatureStore both = open()) {
            assertThat(gives(both, 0) && gives(both, 6)).isTrue();
        }
    }

    /** Each opens, fills, reads and evicts what the others just made. */
    @Test
    void manyStoresMayTidyUpAtTheSameTime() {
        try (Workers workers = new Workers(4)) {
            workers.forEach(80, i -> {
                try (FeatureStore store = open(i % 2 == 0 ? PREFIX : "cd".repeat(32), 4 * (RECORD + 56))) {
                    fill(store, i, i + 2);
                    // Another one may have evicted it already; if it is there it is right.
                    gives(store, i);
                    gives(store, i - 1);
                    store.bytes();
                }
            });
        }
    }

    @Test
    void aboveTheCapTheSegmentsUnusedForLongestGoFirst() throws IOException {
        try (FeatureStore store = open()) {
            fill(store, 0, 5);
        }
        long one = Files.size(onlySegment());
        Files.setLastModifiedTime(onlySegment(), FileTime.from(Instant.now().minus(Duration.ofDays(3))));
        try (FeatureStore store = open()) {
            fill(store, 5, 10);
        }
        for (Path file : files(Segment.SUFFIX)) {
            if (Files.getLastModifiedTime(file)
                    .toInstant()
                    .isAfter(Instant.now().minus(Duration.ofDays(1)))) {
                Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(Duration.ofDays(2))));
            }
        }
        // This run uses the oldest, so that the other goes.
        try (FeatureStore store = open(PREFIX, 2 * one)) {
            assertThat(gives(store, 0)).isTrue();
            fill(store, 10, 15);
            assertThat(gives(store, 10)).isTrue();
            assertThat(store.bytes()).isEqualTo(3 * one);
        }
        try (FeatureStore store = open()) {
            assertThat(store.bytes()).isEqualTo(2 * one);
            assertThat(gives(store, 0) && gives(store, 10)).isTrue();
            assertThat(gives(store, 5)).isFalse();
        }
    }

    @Test
    void whatThisRunUsesStaysAlsoAboveTheCap() {
        try (FeatureStore store = open(PREFIX, 10)) {
            fill(store, 0, 5);
            assertThat(gives(store, 0)).isTrue();
        }
        try (FeatureStore store = open()) {
            assertThat(gives(store, 0)).isTrue();
        }
    }

    @Test
    void halvesOfKilledProcessesGoWhenTheyAreOld() throws IOException {
        open().close();
        Path folder = root.resolve("features").resolve(PREFIX);
        Path old = Files.writeString(folder.resolve("old" + Segment.HALF_SUFFIX), "half");
        Path young = Files.writeString(folder.resolve("young" + Segment.HALF_SUFFIX), "half");
        Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofDays(1))));
        open().close();
        assertThat(old).doesNotExist();
        assertThat(young).as("perhaps another process is writing it").exists();
    }

    @Test
    void whatIsNotFlushedLeavesNothingBehind() throws IOException {
        try (FeatureStore store = open()) {
            store.append(key(0), ByteBuffer.wrap(record(0)));
            assertThat(files(Segment.HALF_SUFFIX)).hasSize(1);
        }
        assertThat(files(Segment.HALF_SUFFIX)).isEmpty();
        assertThat(files(Segment.SUFFIX)).isEmpty();
    }

    /** Two processes may have computed the same: the second segment then covers the first one whole. */
    @Test
    void closingFreesEverySegmentAlsoThoseThatAreCovered() {
        var system = ManagementFactory.getOperatingSystemMXBean();
        Assumptions.assumeTrue(system instanceof UnixOperatingSystemMXBean, "SKIPPED: cannot count open files here");
        UnixOperatingSystemMXBean unix = (UnixOperatingSystemMXBean) system;
        try (FeatureStore one = open();
                FeatureStore two = open()) {
            fill(one, 0, 5);
            fill(two, 0, 5);
        }
        long before = unix.getOpenFileDescriptorCount();
        for (int i = 0; i < 50; i++) {
            open().close();
        }
        assertThat(unix.getOpenFileDescriptorCount()).isLessThan(before + 25);
    }

    @Test
    void recordsOfAnotherSizeAreRefused() {
        try (FeatureStore store = open()) {
            assertThatThrownBy(() -> store.append(key(0), ByteBuffer.allocate(RECORD - 1)))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatCode(() -> fill(store, 0, 1)).doesNotThrowAnyException();
        }
    }
}
