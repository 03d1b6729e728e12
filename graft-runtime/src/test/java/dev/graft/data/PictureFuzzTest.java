package dev.graft.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Damaged files of each format are read or refused with a reason, each within a time and all within a bound on memory;
 * a crash ends the JVM and so the build. GRAFT_FUZZ sets the number of mutants a format, GRAFT_FUZZ_SEED the first seed,
 * GRAFT_FUZZ_LAST a file that holds the mutant in work, for after a crash.
 */
@Tag("slow")
class PictureFuzzTest {
    private static final int SHORTENED = 300;
    private static final int LARGEST = 40_000;
    private static final double SECONDS_EACH = 20;
    private static final long MEMORY = 1L << 30;
    private static final PictureReader READER = PictureReader.of(InputGeometry.stretch(32));

    private static int setting(String name, int otherwise) {
        String set = System.getenv(name);
        return set == null || set.isEmpty() ? otherwise : Integer.parseInt(set);
    }

    private static List<byte[]> originals(PictureFormat format) throws IOException {
        List<byte[]> files = new ArrayList<>();
        for (Path path : TestPictures.all()) {
            if (PictureFormat.ofFileName(String.valueOf(path.getFileName())).orElseThrow() == format
                    && Files.size(path) <= LARGEST) {
                files.add(Files.readAllBytes(path));
            }
        }
        Stream<OddPicture> odd = OddPictures.all().stream();
        odd.filter(picture -> PictureFormat.ofFileName(picture.name()).orElse(PictureFormat.PNM) == format)
                .forEach(picture -> files.add(picture.bytes()));
        return files;
    }

    @ParameterizedTest
    @EnumSource
    void mutantsAreReadOrRefused(PictureFormat format) throws IOException {
        List<byte[]> files = originals(format);
        int mutants = setting("GRAFT_FUZZ", SHORTENED);
        int first = setting("GRAFT_FUZZ_SEED", 0);
        String last = System.getenv("GRAFT_FUZZ_LAST");
        long before = Pointer.physicalBytes();
        long most = 0;
        double slowest = 0;
        int read = 0;
        for (int seed = first; seed < first + mutants; seed++) {
            SplittableRandom random = new SplittableRandom(seed * 7919L + format.ordinal());
            byte[] original = files.get(random.nextInt(files.size()));
            byte[] file = Mutant.of(original, files.get(random.nextInt(files.size())), random);
            if (last != null) {
                Files.write(Path.of(last), file);
            }
            long start = System.nanoTime();
            read += isRead(file, format + ", seed " + seed) ? 1 : 0;
            double seconds = (System.nanoTime() - start) / 1e9;
            slowest = Math.max(slowest, seconds);
            assertThat(seconds).as("seconds for %s, seed %d", format, seed).isLessThan(SECONDS_EACH);
            most = seed % 16 == 0 ? Math.max(most, Pointer.physicalBytes() - before) : most;
            assertThat(most).as("bytes after %s, seed %d", format, seed).isLessThan(MEMORY);
        }
        System.out.printf(
                Locale.ROOT,
                "fuzz %s: %d mutants of %d files from seed %d, %d read, slowest %.2f s, %d MB more at most%n",
                format,
                mutants,
                files.size(),
                first,
                read,
                slowest,
                most >> 20);
    }

    private static boolean isRead(byte[] file, String what) {
        try {
            boolean inRange = true;
            for (float level : TestPictures.read(READER, file, View.plain())) {
                inRange &= level >= 0 && level <= 255;
            }
            assertThat(inRange).as(what).isTrue();
            return true;
        } catch (UnreadablePictureException refused) {
            assertThat(refused.reason())
                    .as(what)
                    .isNotBlank()
                    .doesNotContain("OpenCV")
                    .matches("[ -~]*");
            return false;
        } catch (RuntimeException unexpected) {
            throw new AssertionError(what, unexpected);
        }
    }
}
