package dev.graft.formats;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.GraftException;
import dev.graft.weights.Safetensors;
import dev.graft.weights.StoredTensor;
import dev.graft.weights.TinyFiles;
import dev.graft.weights.WeightFile;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Damaged files are read or refused; nothing else is thrown, and nothing is read that the file cannot hold. */
@Tag("slow")
class MutatedFilesTest {
    private static final int MUTANTS = 3000;
    /** What the sound files have besides floats. */
    private static final Set<String> WHOLE_NUMBERS = Set.of("I64", "U8", "BOOL", "INT32");

    private static final long[] NASTY = {
        0,
        1,
        -1,
        7,
        31,
        255,
        65536,
        Integer.MAX_VALUE,
        Integer.MIN_VALUE,
        1L << 31,
        1L << 32,
        1L << 62,
        Long.MAX_VALUE,
        Long.MIN_VALUE
    };

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void gguf(long seed) {
        tryMutants(TinyFiles.bytes("tiny.gguf"), seed, file -> Gguf.read("mutant", ByteBuffer.wrap(file)));
    }

    @ParameterizedTest
    @ValueSource(longs = {3, 4})
    void safetensors(long seed) {
        tryMutants(
                TinyFiles.bytes("tiny.safetensors"), seed, file -> Safetensors.read("mutant", ByteBuffer.wrap(file)));
    }

    @ParameterizedTest
    @CsvSource({
        "tiny_legacy.pth, 5",
        "tiny_legacy.pth, 6",
        "tiny_zip.pth, 7",
        "tiny_checkpoint.pth, 8",
        "training.pth, 15",
        "training_protocol5.pth, 17",
        "training_legacy.pth, 18",
        "whole_parallel.pth, 19",
        "unknown_tensors.pth, 20"
    })
    void torch(String file, long seed) {
        tryMutants(TinyFiles.bytes(file), seed, mutant -> TorchCheckpoint.read("mutant", ByteBuffer.wrap(mutant)));
    }

    @ParameterizedTest
    @CsvSource({"tiny_keras1.h5, 9", "tiny_keras2_latest.h5, 10"})
    void keras(String file, long seed) {
        tryMutants(TinyFiles.bytes(file), seed, mutant -> KerasFile.read("mutant", ByteBuffer.wrap(mutant)));
    }

    @ParameterizedTest
    @ValueSource(longs = {11})
    void onnx(long seed) {
        tryMutants(TinyFiles.bytes("tiny.onnx"), seed, mutant -> OnnxFile.read("mutant", ByteBuffer.wrap(mutant)));
    }

    @ParameterizedTest
    @CsvSource({"tiny_uint8.tflite, 12", "tiny_int8.tflite, 13", "tiny_half.tflite, 14"})
    void tfLite(String file, long seed) {
        tryMutants(TinyFiles.bytes(file), seed, mutant -> TfLite.read("mutant", ByteBuffer.wrap(mutant)));
    }

    private static void tryMutants(byte[] sound, long seed, Function<byte[], WeightFile> reader) {
        Random random = new Random(seed);
        int[] outcomes = new int[2];
        Assertions.assertTimeoutPreemptively(Duration.ofSeconds(60), () -> {
            for (int mutant = 0; mutant < MUTANTS; mutant++) {
                byte[] file = mutate(sound, random);
                try {
                    outcomes[readAll(reader.apply(file), file.length) ? 0 : 1]++;
                } catch (GraftException refused) {
                    assertThat(refused.getMessage()).startsWith("mutant: ").doesNotContain("\n");
                    outcomes[1]++;
                } catch (RuntimeException | Error e) {
                    throw new AssertionError("seed " + seed + ", mutant " + mutant, e);
                }
            }
        });
        assertThat(outcomes[0]).as("read").isGreaterThan(MUTANTS / 100);
        assertThat(outcomes[1]).as("refused").isGreaterThan(MUTANTS / 10);
    }

    private static boolean readAll(WeightFile file, int size) {
        long elements = 0;
        boolean readable = true;
        for (StoredTensor tensor : file.tensors().values()) {
            try {
                elements += tensor.read().elements();
            } catch (GraftException refused) {
                assertThat(refused.getMessage()).contains("expected floating-point numbers");
                readable &= WHOLE_NUMBERS.contains(tensor.type());
            }
        }
        assertThat(elements).isLessThanOrEqualTo(size);
        return readable;
    }

    private static byte[] mutate(byte[] sound, Random random) {
        byte[] file = sound.clone();
        // Most of the file is numbers, which may be anything: aim at the front.
        int reach = random.nextInt(4) == 0 ? file.length : file.length / 2;
        for (int hits = 1 + random.nextInt(3); hits > 0; hits--) {
            int at = random.nextInt(reach - Long.BYTES);
            switch (random.nextInt(6)) {
                case 0 -> file[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> file[at] = (byte) random.nextInt();
                case 2 -> littleEndian(file).putLong(at, NASTY[random.nextInt(NASTY.length)]);
                case 3 -> littleEndian(file).putInt(at, (int) NASTY[random.nextInt(NASTY.length)]);
                case 4 -> System.arraycopy(file, random.nextInt(reach - 8), file, at, 1 + random.nextInt(8));
                default -> file[at] = (byte) "0123456789[]{},:\"\\-. ".charAt(random.nextInt(21));
            }
        }
        return switch (random.nextInt(8)) {
            case 0 -> Arrays.copyOf(file, random.nextInt(file.length));
            case 1 -> repeat(file, random.nextInt(reach), random.nextInt(64));
            default -> file;
        };
    }

    private static ByteBuffer littleEndian(byte[] file) {
        return ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** The file with a piece of it inserted a second time. */
    private static byte[] repeat(byte[] file, int at, int length) {
        ByteArrayOutputStream longer = new ByteArrayOutputStream();
        int end = Math.min(file.length, at + length);
        longer.write(file, 0, end);
        longer.write(file, at, file.length - at);
        return longer.toByteArray();
    }
}
