package dev.graft.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.GraftException;
import dev.graft.weights.TinyFiles;
import dev.graft.weights.WeightFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The files are from {@code tools/reference/tflite.py}. */
@Timeout(20)
class TfLiteTest {

    /** Exact: both sides round once, from double. */
    @ParameterizedTest
    @ValueSource(strings = {"tiny_float.tflite", "tiny_half.tflite", "tiny_int8.tflite"})
    void readsWhatTheConverterWrote(String name, @TempDir Path folder) throws IOException {
        WeightFile file = WeightFormats.read(Files.write(folder.resolve("any name"), TinyFiles.bytes(name)));
        assertThat(TfLite.isTfLite(file)).isTrue();
        JsonNode expected = reference().get(name);
        assertThat(file.tensors().keySet()).containsExactlyInAnyOrderElementsOf(fields(expected));
        for (String tensor : file.tensors().keySet()) {
            JsonNode known = expected.get(tensor);
            assertThat(file.tensors().get(tensor).type())
                    .isEqualToIgnoringCase(known.get("type").asText());
            if (known.has("data")) {
                assertThat(file.read(tensor).shape().sizes()).as(tensor).containsExactly(ints(known.get("shape")));
                assertThat(file.read(tensor).toArray()).as(tensor).containsExactly(floats(known.get("data")));
            }
        }
    }

    @Test
    void kernelsAreLaidOutAsTheirOperatorsReadThem() {
        WeightFile file = read("tiny_uint8.tflite");
        assertThat(file.tensors().entrySet())
                .extracting(entry -> entry.getKey() + " " + entry.getValue().type()
                        + entry.getValue().shape())
                .containsExactly(
                        "Net/conv/weights_quant/FakeQuantWithMinMaxVars UINT8[4, 3, 3, 2]",
                        "Net/conv/Conv2D_Fold_bias INT32[4]",
                        "Net/depthwise/weights_quant/FakeQuantWithMinMaxVars UINT8[8, 1, 2, 3]",
                        "Net/fc/weights_quant/FakeQuantWithMinMaxVars UINT8[3, 8]",
                        "Net/reshape/shape INT32[2]");
        // [out 3, in 1, h 2, w 0] of ours is [out 3, h 2, w 0, in 1] of the file.
        assertThat(file.read("Net/conv/weights_quant/FakeQuantWithMinMaxVars").get(((3 * 3 + 1) * 3 + 2) * 2))
                .isEqualTo((float) (0.044160082936286926 * (stored(0, ((3 * 3 + 2) * 2) * 3 + 1) - 131)));
        // Filter 5, row 1, column 2.
        assertThat(file.read("Net/depthwise/weights_quant/FakeQuantWithMinMaxVars")
                        .get((5 * 2 + 1) * 3 + 2))
                .isEqualTo(0.25f * stored(2, (1 * 3 + 2) * 8 + 5));
        assertThat(file.read("Net/fc/weights_quant/FakeQuantWithMinMaxVars").get(2 * 8 + 7))
                .isEqualTo((float) (0.011490139178931713 * (stored(3, 2 * 8 + 7) - 255)));
        assertThat(file.read("Net/conv/Conv2D_Fold_bias").get(2))
                .isEqualTo((float) (0.0003450006479397416 * (1000 * stored(1, 2))));
        assertThatThrownBy(() -> file.read("Net/reshape/shape"))
                .isInstanceOf(GraftException.class)
                .hasMessage("tiny_uint8.tflite: tensor 'Net/reshape/shape': expected floating-point numbers, or whole"
                        + " ones with a scale, got INT32; drop this tensor by name if the model does not need it");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "twice    | the name occurs twice",
                "shared   | tensors share it until they are larger than the file",
                "scales   | 3 scales and 3 zero points along axis 0 do not fit [4, 3, 2, 3]",
                "zeros    | 4 scales and 2 zero points along axis 0 do not fit [4, 3, 2, 3]",
                "infinite | expected a scale of at least 0, got Infinity",
                "axes     | expected the 4 axes of a depthwise convolution's kernel, got [4, 3]",
                "sizes    | expected sizes with a product up to",
            })
    void tricksAreRefused(String trick, String reason) {
        String name = "hostile_" + trick + ".tflite";
        assertThatThrownBy(() -> read(name))
                .isInstanceOf(GraftException.class)
                .hasMessageStartingWith(name + ": ")
                .hasMessageContaining(reason)
                .hasMessageNotContainingAny("\n");
    }

    @Test
    void everyTruncatedFileIsRefused() {
        byte[] whole = TinyFiles.bytes("tiny_uint8.tflite");
        for (int length = 1; length < whole.length - 4; length++) {
            byte[] part = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> TfLite.read("part", ByteBuffer.wrap(part)))
                    .as("%d bytes", length)
                    .isInstanceOf(GraftException.class)
                    .hasMessageStartingWith("part: ");
        }
    }

    /** A list of a million operators that are all the same table costs a pass over it and no memory. */
    @Test
    @Timeout(5)
    void aTableThatIsListedAMillionTimesIsReadInNoTime() {
        byte[] sound = TinyFiles.bytes("tiny_uint8.tflite");
        int count = 1_000_000;
        int end = sound.length + 4 + 4 * count;
        ByteBuffer file = ByteBuffer.wrap(Arrays.copyOf(sound, end + 8)).order(ByteOrder.LITTLE_ENDIAN);
        file.putInt(sound.length, count);
        for (int place = sound.length + 4; place < end; place += 4) {
            file.putInt(place, end + 4 - place);
        }
        // A table without fields: its list of fields is 4 bytes before it and has 4 bytes.
        file.putShort(end, (short) 4).putShort(end + 2, (short) 4).putInt(end + 4, 4);
        int graphs = follow(file, file.getInt(0), 2);
        int operators = field(file, graphs + 4 + file.getInt(graphs + 4), 3);
        file.putInt(operators, sound.length - operators);
        assertThat(TfLite.read("many", file).tensors()).hasSize(5);
    }

    private static int follow(ByteBuffer file, int table, int field) {
        int place = field(file, table, field);
        return place + file.getInt(place);
    }

    private static int field(ByteBuffer file, int table, int field) {
        return table + (file.getShort(table - file.getInt(table) + 4 + 2 * field) & 0xffff);
    }

    /** The byte of the generator's formula. */
    private static int stored(int place, int index) {
        return (37 * index + 11 + place) % 101;
    }

    private static WeightFile read(String name) {
        return TfLite.read(name, ByteBuffer.wrap(TinyFiles.bytes(name)));
    }

    private static JsonNode reference() throws IOException {
        try (InputStream in = TfLiteTest.class.getResourceAsStream("/reference/tflite.json")) {
            return new ObjectMapper().readTree(Objects.requireNonNull(in));
        }
    }

    private static List<String> fields(JsonNode node) {
        return node.properties().stream().map(Map.Entry::getKey).toList();
    }

    private static int[] ints(JsonNode list) {
        int[] ints = new int[list.size()];
        Arrays.setAll(ints, i -> list.get(i).asInt());
        return ints;
    }

    private static float[] floats(JsonNode list) {
        float[] floats = new float[list.size()];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = Float.parseFloat(list.get(i).asText());
        }
        return floats;
    }
}
