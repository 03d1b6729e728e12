package dev.graft.zoo;

import static dev.graft.testing.Reference.at;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.layers.BatchNormalization;
import dev.graft.layers.Layer;
import dev.graft.layers.LayerNormalization;
import dev.graft.model.Program;
import dev.graft.testing.Reference;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.CRC32;

/** A network against what a generator wrote down of its original. */
final class NetworkFacts {
    private NetworkFacts() {}

    /** The names and shapes of its weights. */
    static void haveTheWeightsOf(Program program, JsonNode facts) {
        StringBuilder lines = new StringBuilder();
        new TreeMap<>(program.weightShapes())
                .forEach((name, shape) ->
                        lines.append(name).append(' ').append(shape).append('\n'));
        assertThat(program.weights()).hasSize(at(facts, "entries").intValue());
        CRC32 crc = new CRC32();
        crc.update(lines.toString().getBytes(StandardCharsets.UTF_8));
        assertThat(crc.getValue())
                .as("CRC-32 of the original's list of names and shapes, ours is%n%s", lines)
                .isEqualTo(at(facts, "crc32").longValue());
    }

    /** The settings of its normalisations. */
    static void haveTheNormsOf(Program program, JsonNode facts) {
        assertThat(layers(program, BatchNormalization.class)
                        .map(norm -> List.of(norm.epsilon(), norm.momentum()))
                        .distinct())
                .containsExactlyElementsOf(Reference.each(at(facts, "norms"))
                        .map(Reference::doubles)
                        .toList());
        assertThat(layers(program, LayerNormalization.class)
                        .map(LayerNormalization::epsilon)
                        .distinct())
                .containsExactlyElementsOf(Reference.doubles(at(facts, "layer_norms")));
    }

    static <T extends Layer> Stream<T> layers(Program program, Class<T> type) {
        return program.steps().stream()
                .map(Program.Step::layer)
                .filter(type::isInstance)
                .map(type::cast);
    }
}
