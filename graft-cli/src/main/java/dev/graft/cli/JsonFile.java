package dev.graft.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graft.FileName;
import dev.graft.JsonText;
import dev.graft.ReadBack;
import dev.graft.data.Skipped;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** The file or stream that {@code --json} asks for. */
final class JsonFile {
    static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private JsonFile() {}

    /**
     * Writes a file.
     *
     * @throws dev.graft.GraftException if that cannot be done; says what to do
     */
    static void write(Terminal terminal, Path file, JsonNode content) {
        OutputFile place = place(file);
        byte[] json = JsonText.bytes(text(content));
        if (place.isStream()) {
            place.write(terminal, out -> {
                out.write(json);
                // People read what a stream gives, and other lines follow.
                out.write(System.lineSeparator().getBytes(StandardCharsets.UTF_8));
            });
        } else {
            ReadBack.write(place.file(), json);
        }
    }

    private static String text(JsonNode content) {
        try {
            return new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(content);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("trees of texts and numbers are JSON", e);
        }
    }

    private static OutputFile place(Path file) {
        return new OutputFile(file, "--json", OutputKind.JSON);
    }

    /** Sets a number; JSON has none for what is not finite. */
    static void put(ObjectNode node, String key, double number) {
        if (Double.isFinite(number)) {
            node.put(key, number);
        } else {
            node.putNull(key);
        }
    }

    static void paths(ArrayNode list, List<Path> paths) {
        paths.forEach(path -> list.add(FileName.shown(path)));
    }

    static ArrayNode skipped(List<Skipped> pictures) {
        ArrayNode list = NODES.arrayNode();
        pictures.forEach(picture ->
                list.addObject().put("path", FileName.shown(picture.path())).put("reason", picture.reason()));
        return list;
    }
}
