package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nothing is promised of a cache that was just said to keep nothing. */
class LostCacheTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path temporary;

    private Cli run(String command, Object... options) throws IOException {
        Path pictures = Drawings.folder(temporary.resolve("drawings"), 6);
        Path cache = Files.writeString(temporary.resolve("file"), "no folder").resolve("cache");
        Object[] all = new Object[options.length + 5];
        Object[] common = {command, pictures, "--image-size=32", "--cache", cache};
        System.arraycopy(common, 0, all, 0, common.length);
        System.arraycopy(options, 0, all, common.length, options.length);
        Cli result = Cli.run(all);
        assertThat(result.code()).isZero();
        assertThat(result.err())
                .contains("cache " + cache, "keeps nothing more there")
                .hasLineCount(1);
        return result;
    }

    @Test
    void thePlanAndTheResultSaySo() throws IOException {
        Cli trained = run("train", "--out", temporary.resolve("x.graft"));
        assertThat(trained.out().replaceAll("\\s+", " "))
                .contains("cache keeps nothing more: the frozen layers run in every epoch")
                .contains("Cache 0 found, 12 computed; nothing is kept")
                .doesNotContain("run once for each picture");
    }

    @Test
    void theAdviceCountsWithoutIt() throws IOException {
        assertThat(run("advise").out())
                .contains("in each run, as nothing is cached")
                .contains("Disk        none for a cache");
    }
}
