package dev.graft.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import dev.graft.GraftException;
import dev.graft.tensor.Shape;
import dev.graft.weights.StoredTensor;
import dev.graft.weights.TinyFiles;
import dev.graft.weights.WeightFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GgufTest {
    private static final byte[] TINY = TinyFiles.bytes("tiny.gguf");

    @Test
    void readsWhatTheReferenceWrote() {
        WeightFile file = Gguf.read("tiny", ByteBuffer.wrap(TINY));
        assertThat(file.tensors().keySet())
                .containsExactly(
                        "conv.weight",
                        "conv.bias",
                        "norm.running_var",
                        "fc.weight",
                        "norm.num_batches_tracked",
                        "empty",
                        "fc.quantised");
        List<String> names = new ArrayList<>(file.tensors().keySet());
        for (String name : names) {
            if (!name.equals("norm.num_batches_tracked")) {
                TinyFiles.assertFormula(file.read(name), names.indexOf(name));
            }
        }
    }

    @Test
    void axesAreInTorchOrder() {
        WeightFile file = Gguf.read("tiny", ByteBuffer.wrap(TINY));
        assertThat(file.tensors().values())
                .extracting(StoredTensor::shape)
                .containsExactly(
                        Shape.of(4, 3, 2, 2),
                        Shape.of(4),
                        Shape.of(4),
                        Shape.of(2, 32),
                        Shape.of(),
                        Shape.of(0, 3),
                        Shape.of(2, 64));
        assertThat(file.tensors().values())
                .extracting(StoredTensor::type)
                .containsExactly("F32", "F16", "BF16", "F64", "I64", "F32", "Q8_0");
    }

    @Test
    void metadataOfEveryTypeBecomesText() {
        assertThat(Gguf.read("tiny", ByteBuffer.wrap(TINY)).metadata())
                .containsExactly(
                        entry("general.alignment", "64"),
                        entry("u8", "255"),
                        entry("i8", "-1"),
                        entry("u16", "65535"),
                        entry("i16", "-1"),
                        entry("i32", "-7"),
                        entry("f32", "0.485"),
                        entry("bool", "true"),
                        entry("string", "größer"),
                        entry("array", "[cat, dog]"),
                        entry("long array", "[1500 values]"),
                        entry("u64", "18446744073709551615"),
                        entry("i64", "-1"),
                        entry("f64", "1.0E-5"));
    }

    @Test
    void aMappedFileGivesTheSameNumbers(@TempDir Path folder) throws IOException {
        Path path = Files.write(folder.resolve("tiny.bin"), TINY);
        WeightFile mapped = WeightFormats.read(path);
        WeightFile inMemory = Gguf.read("tiny", ByteBuffer.wrap(TINY));
        assertThat(mapped.description()).isEqualTo(path.toString());
        for (String name : List.of("conv.weight", "conv.bias", "fc.quantised")) {
            assertThat(mapped.read(name).sameBits(inMemory.read(name))).isTrue();
            assertThat(mapped.read(name).values().isDirect()).isTrue();
        }
    }

    @Test
    void integersAreRefusedOnlyWhenRead() {
        WeightFile file = Gguf.read("tiny", ByteBuffer.wrap(TINY));
        assertThatThrownBy(() -> file.read("norm.num_batches_tracked"))
                .isInstanceOf(GraftException.class)
                .hasMessage("tiny: tensor 'norm.num_batches_tracked': expected floating-point numbers, got I64;"
                        + " drop this tensor by name if the model does not need it");
    }

    @Test
    void promisesBeyondTheFileAreRefused() {
        refuse(header(3, 1L << 40, 0), "at byte 16: the tensor count is 1099511627776, but only 8 bytes follow");
        refuse(header(3, 0, -1L), "the metadata count is 18446744073709551615");
        refuse(header(3, 1, 0).put(string("x")), "the tensor count is 1, but only");
        refuse(tensor("x", 1, 1L << 33), "tensor 'x': expected sizes with a product up to 536870911, got [8589934592]");
        refuse(tensor("x", 0, -1L), "got [18446744073709551615]");
        refuse(tensor("x", 0, 1 << 20, 1 << 20), "got [1048576, 1048576]");
        refuse(tensor("x", 0, 1000), "F32 [1000] at data offset 0 takes 4000 bytes, beyond the end of the file (");
    }

    @Test
    void foreignAndUnsoundFilesAreRefused() {
        refuse(ByteBuffer.allocate(0), "expected a GGUF file, which begins with 'GGUF'");
        refuse(header(1, 0, 0), "expected GGUF version 2 or 3, little-endian, got 1");
        refuse(header(0x03000000, 0, 0), "little-endian, got 50331648");
        refuse(tensor("x", 12, 1), "tensor 'x' has GGML type 12, which Graft does not read");
        refuse(tensor("x", 8, 33), "rows of Q8_0 hold multiples of 32");
        refuse(tensor("x", 0, 1, 1, 1, 1, 1, 1, 1, 1, 1), "has 9 axes, expected at most 8");
        refuse(
                header(3, 0, 1).put(string("general.alignment")).putInt(4).putInt(48),
                "expected a power of two as general.alignment, got '48'");
        refuse(
                header(3, 0, 2)
                        .put(string("k"))
                        .putInt(0)
                        .put((byte) 1)
                        .put(string("k"))
                        .putInt(0)
                        .put((byte) 1),
                "metadata 'k' occurs twice");
    }

    @Test
    void tensorsThatOverlapOrRepeatAreRefused() {
        refuse(twoTensors("a", "b", 0), "tensor 'b': expected data offset 4 or more, got 0; the tensors overlap");
        refuse(twoTensors("a", "a", 32), "tensor 'a': the name occurs twice");
        refuse(twoTensors("a", "b", 1), "expected an offset aligned to 32, got 1");
        assertThat(read(twoTensors("a", "b", 32)).tensors()).containsOnlyKeys("a", "b");
    }

    @Test
    void namesCannotBreakTheMessage() {
        refuse(tensor("a\nb\u001b[31m", 99, 1), "tensor 'a\uFFFDb\uFFFD[31m' has GGML type 99");
    }

    private static ByteBuffer twoTensors(String first, String second, long secondOffset) {
        return header(3, 2, 0)
                .put(string(first))
                .putInt(1)
                .putLong(1)
                .putInt(0)
                .putLong(0)
                .put(string(second))
                .putInt(1)
                .putLong(1)
                .putInt(0)
                .putLong(secondOffset)
                .put(new byte[96]);
    }

    private static ByteBuffer tensor(String name, int type, long... sizes) {
        ByteBuffer file = header(3, 1, 0).put(string(name)).putInt(sizes.length);
        for (long size : sizes) {
            file.putLong(size);
        }
        return file.putInt(type).putLong(0).put(new byte[64]);
    }

    private static ByteBuffer header(int version, long tensors, long pairs) {
        return ByteBuffer.allocate(1024)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put("GGUF".getBytes(StandardCharsets.US_ASCII))
                .putInt(version)
                .putLong(tensors)
                .putLong(pairs);
    }

    private static byte[] string(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(8 + utf8.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(utf8.length)
                .put(utf8)
                .array();
    }

    private static WeightFile read(ByteBuffer file) {
        return Gguf.read("bad.gguf", file.duplicate().flip());
    }

    private static void refuse(ByteBuffer file, String reason) {
        assertThatThrownBy(() -> read(file))
                .isInstanceOf(GraftException.class)
                .hasMessageStartingWith("bad.gguf: ")
                .hasMessageContaining(reason)
                .hasMessageNotContainingAny("\n");
    }
}
