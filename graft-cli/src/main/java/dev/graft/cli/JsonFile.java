package dev.graft.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graft.data.Skipped;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** The file or stream that {@code --json} asks for. */
final class JsonFile {
    static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private JsonFile() {}

    /**
     * Checks the place before the work.
     *
     * @throws dev.graft.GraftException if no file can be written there; says what to do
     */
    static void check(Path file) {
        place(file).check();
    }

    /**
     * Writes a file.
     *
     * @throws dev.graft.GraftException if that cannot be done; says what to do
     */
    static void write(Terminal terminal, Path file, JsonNode content) {
        OutputFile place = place(file);
        // People read what a stream gives, and other lines follow.
        String end = place.isStream() ? System.lineSeparator() : "";
        place.write(terminal, out -> {
            out.write(new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsBytes(content));
            out.write(end.getBytes(StandardCharsets.UTF_8));
        });
    }

    private static OutputFile place(Path file) {
        return new OutputFile(file, "--json");
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
        paths.forEach(path -> list.add(path.toString()));
    }

    static ArrayNode skipped(List<Skipped> pictures) {
        ArrayNode list = NODES.arrayNode();
        pictures.forEach(picture ->
                list.addObject().put("path", picture.path().toString()).put("reason", picture.reason()));
        return list;
    }
}
