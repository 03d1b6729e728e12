package dev.graft.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import dev.graft.GraftException;
import dev.graft.formats.WeightFormats;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import dev.graft.testing.Refusals;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsTest {
    private static final byte[] TINY = TinyFiles.bytes("tiny.safetensors");

    @Test
    void readsWhatTheReferenceWrote() {
        WeightFile file = Safetensors.read("tiny", ByteBuffer.wrap(TINY));
        List<String> names = new ArrayList<>(file.tensors().keySet());
        assertThat(names)
                .containsExactly(
                        "conv.weight",
                        "conv.bias",
                        "norm.running_var",
                        "fc.weight",
                        "norm.num_batches_tracked",
                        "empty");
        assertThat(file.tensors().values())
                .extracting(StoredTensor::shape)
                .containsExactly(
                        Shape.of(4, 3, 2, 2), Shape.of(4), Shape.of(4), Shape.of(2, 32), Shape.of(), Shape.of(0, 3));
        assertThat(file.metadata()).containsExactly(entry("format", "pt"), entry("note", "größer\n\"quoted\""));
        for (String name : List.of("conv.weight", "conv.bias", "norm.running_var", "fc.weight", "empty")) {
            TinyFiles.assertFormula(file.read(name), names.indexOf(name));
        }
        assertThatThrownBy(() -> file.read("norm.num_batches_tracked")).hasMessageContaining("got I64");
    }

    @Test
    void whatComesBackOtherThanWrittenIsRefused() throws IOException {
        Map<String, HostTensor> tensors = new LinkedHashMap<>();
        tensors.put("\ud83d\ude00", HostTensor.of(Shape.of(2, 2), 1, 2, Float.NaN, -0f));
        tensors.put("b", HostTensor.allocate(Shape.of(50_000)));
        Map<String, String> metadata = Map.of("\ud835\udd6c", "\ud83d\ude00 and half \ud83d");
        byte[] sound = write(tensors, metadata);
        verify(sound, tensors, metadata);
        Map<String, HostTensor> other = new LinkedHashMap<>(tensors);
        other.put("\ud83d\ude00", HostTensor.of(Shape.of(2, 2), 1, 2, Float.NaN, 0f));
        Map<String, HostTensor> wider = new LinkedHashMap<>(tensors);
        wider.put("\ud83d\ude00", HostTensor.of(Shape.of(4), 1, 2, Float.NaN, -0f));
        Map<String, HostTensor> more = new LinkedHashMap<>(tensors);
        more.put("c", HostTensor.of(Shape.of(), 1));
        for (var wrong : List.of(other, wider, more)) {
            Refusals.refused(() -> verify(sound, wrong, metadata), "some: the weights came back other than written");
        }
        Refusals.refused(() -> verify(sound, tensors, Map.of()), "some: the weights came back other than written");
        byte[] late = sound.clone();
        late[sound.length - 3] ^= 1;
        Refusals.refused(() -> verify(late, tensors, metadata), "some: the weights came back other than written");
        for (int length : new int[] {3, 8, 40, sound.length - 1}) {
            Refusals.refused(() -> verify(Arrays.copyOf(sound, length), tensors, metadata), "some");
        }
    }

    private static void verify(byte[] bytes, Map<String, HostTensor> tensors, Map<String, String> metadata)
            throws IOException {
        Safetensors.verify("some", new ByteArrayInputStream(bytes), bytes.length, tensors, metadata);
    }

    @Test
    void whatIsWrittenIsReadBack(@TempDir Path folder) throws IOException {
        Map<String, HostTensor> tensors = new LinkedHashMap<>();
        tensors.put("z", HostTensor.of(Shape.of(2, 3), 1, -0f, Float.NaN, Float.MIN_VALUE, Float.MAX_VALUE, 1e-3f));
        tensors.put("a \"ü\"", HostTensor.of(Shape.of(), 42));
        tensors.put("none", HostTensor.of(Shape.of(3, 0)));
        tensors.put("long", HostTensor.allocate(Shape.of(20_000)));
        tensors.get("long").values().put(19_999, 5f);
        byte[] bytes = write(tensors, Map.of("b", "2", "a", "1\n"));
        Path path = Files.write(folder.resolve("x.safetensors"), bytes);

        for (WeightFile file : List.of(WeightFormats.read(path), Safetensors.read("x", ByteBuffer.wrap(bytes)))) {
            assertThat(file.tensors().keySet()).containsExactlyElementsOf(tensors.keySet());
            tensors.forEach((name, tensor) ->
                    assertThat(file.read(name).sameBits(tensor)).as(name).isTrue());
            assertThat(file.metadata()).containsExactly(entry("a", "1\n"), entry("b", "2"));
        }
    }

    @Test
    void theBytesAreExactlyTheFormat() throws IOException {
        Map<String, HostTensor> tensors = new LinkedHashMap<>();
        tensors.put("w", HostTensor.of(Shape.of(1, 2), 1, 2));
        tensors.put("b", HostTensor.of(Shape.of(1), 3));
        String header =
                "{\"__metadata__\":{\"k\":\"v\"},\"w\":{\"dtype\":\"F32\",\"shape\":[1,2],\"data_offsets\":[0,8]},"
                        + "\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[8,12]}}";
        String padded = header + " ".repeat((8 - header.length() % 8) % 8);
        ByteBuffer expected = ByteBuffer.allocate(8 + padded.length() + 12).order(ByteOrder.LITTLE_ENDIAN);
        expected.putLong(padded.length()).put(padded.getBytes(StandardCharsets.US_ASCII));
        expected.putFloat(1).putFloat(2).putFloat(3);
        assertThat(write(tensors, Map.of("k", "v"))).isEqualTo(expected.array());
    }

    @Test
    void mappedFloatsAreNotCopied(@TempDir Path folder) throws IOException {
        Path path = Files.write(
                folder.resolve("x.safetensors"), write(Map.of("w", HostTensor.of(Shape.of(3), 1, 2, 3)), Map.of()));
        HostTensor mapped = Safetensors.read(path).read("w");
        assertThat(mapped.values().isDirect()).isTrue();
        assertThat(mapped.values().isReadOnly()).as("a view of the mapping").isTrue();
    }

    @Test
    void theReservedNameIsNotWritten() {
        assertThatThrownBy(() -> write(Map.of("__metadata__", HostTensor.of(Shape.of(), 1)), Map.of()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[]                                                          | expected an object of tensors, got start array",
                "{\"w\"                                                     | header: breaks off after 4 characters; the file is damaged",
                "{} x                                                        | header, character",
                "{} {}                                                       | nothing but spaces after the closing brace",
                "{\"w\":1}                                                   | expected an object as tensor 'w', got value number int",
                "{\"w\":{}}                                                  | tensor 'w': expected dtype, shape and two data_offsets",
                "{\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0]}} | expected dtype, shape and two data_offsets",
                "{\"w\":{\"dtype\":\"Q8_0\",\"shape\":[1],\"data_offsets\":[0,4]}} | dtype 'Q8_0', which Graft does not read",
                "{\"w\":{\"dtype\":\"F32\",\"shape\":[1.0],\"data_offsets\":[0,4]}} | whole number in tensor 'w', shape",
                "{\"w\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,4]}} | expected sizes with a product up to",
                "{\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[-4,0]}} | beyond the end of the file",
                "{\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}} | tensor 'w': expected data up to offset 8 for its shape, got 4",
                "{\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}} | expected data offset 0, got 4; the tensors leave a gap",
                "{\"w\":{\"dtype\":\"F32\",\"shape\":[9],\"data_offsets\":[0,36]}} | needs 36 bytes of data, the file holds 8",
                "{\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}} | data: expected 4 bytes, got 8",
                "{\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},\"v\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}} | the tensors overlap",
                "{\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}} | Duplicate field 'w'",
                "{\"w\":{\"dtype\":\"F32\",\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}} | Duplicate field 'dtype'",
                "{\"w\":{\"dtype\":\"F32\",\"shape\":[[2]],\"data_offsets\":[0,8]}} | whole number in tensor 'w', shape",
                "{\"w\":{\"dtype\":\"F32\",\"shape\":[1,1,1,1,1,1,1,1,2],\"data_offsets\":[0,8]}} | at most 8 numbers",
                "{\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,99999999999999999999]}} | header, character",
                "{\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8],\"scale\":2}} | unknown field 'scale'",
                "{\"__metadata__\":{\"a\":1}}                                | expected a string as metadata 'a'",
                "{\"__metadata__\":{\"a\":\"1\",\"a\":\"2\"}}                | Duplicate field 'a'",
            })
    void unsoundHeadersAreRefused(String header, String reason) {
        refuse(file(header.length(), header.getBytes(StandardCharsets.UTF_8)), reason);
    }

    @Test
    void lengthsAndTextAreChecked() {
        refuse(new byte[0], "the header length takes 8 bytes, the file has 0 left");
        refuse(file(100, new byte[2]), "expected a length of 2 to 10 bytes, got 100");
        refuse(file(-1, new byte[2]), "got 18446744073709551615");
        refuse(file(4, new byte[] {'{', '"', (byte) 0xc3, '('}), "expected UTF-8 text");
        refuse(file(4, new byte[] {'{', 0, '}', 0}), "header, character");
    }

    @Test
    void formatsAreToldByContent(@TempDir Path folder) throws IOException {
        assertThatThrownBy(() -> WeightFormats.read(folder.resolve("none")))
                .hasMessage(folder.resolve("none") + ": expected a file of weights, found no such file");
        assertThatThrownBy(() -> WeightFormats.read(folder)).hasMessageContaining("found a folder; name a file in it");
        Map<String, String> found = Map.of(
                "", "an empty file",
                "<html>not found</html>", "a page of the web");
        found.forEach((content, guess) -> {
            Path path = folder.resolve("file");
            assertThatThrownBy(
                            () -> WeightFormats.read(Files.write(path, content.getBytes(StandardCharsets.ISO_8859_1))))
                    .isInstanceOf(GraftException.class)
                    .hasMessageStartingWith(
                            path
                                    + ": format: expected safetensors, GGUF, a torch checkpoint, a Keras file, TensorFlow Lite or ONNX, found ")
                    .hasMessageContaining(guess);
        });
    }

    private static byte[] write(Map<String, HostTensor> tensors, Map<String, String> metadata) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Safetensors.write(out, tensors, metadata);
        return out.toByteArray();
    }

    /** A header, the length it claims, and eight bytes of data. */
    private static byte[] file(long claimed, byte[] header) {
        return ByteBuffer.allocate(16 + header.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(claimed)
                .put(header)
                .putLong(0)
                .array();
    }

    private static void refuse(byte[] file, String reason) {
        assertThatThrownBy(() -> Safetensors.read("bad.safetensors", ByteBuffer.wrap(file)))
                .isInstanceOf(GraftException.class)
                .hasMessageStartingWith("bad.safetensors: ")
                .hasMessageContaining(reason)
                .hasMessageNotContainingAny("\n");
    }
}
