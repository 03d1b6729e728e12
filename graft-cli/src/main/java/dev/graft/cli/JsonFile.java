package dev.graft.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graft.GraftException;
import dev.graft.data.Skipped;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/** The file that {@code --json} asks for: written whole or not at all. */
final class JsonFile {
    static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private JsonFile() {}

    /**
     * Writes a file.
     *
     * @throws GraftException if that cannot be done; says what to do
     */
    static void write(Path file, JsonNode content) {
        Path absolute = file.toAbsolutePath();
        Path half = absolute.resolveSibling(
                "." + absolute.getFileName() + "." + ProcessHandle.current().pid() + ".tmp");
        try {
            Files.write(
                    half, new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsBytes(content));
            Files.move(half, absolute, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new GraftException(
                    file + ": cannot be written (" + e.getMessage() + "); free some space or choose another --json", e);
        } finally {
            OutputFile.deleteQuietly(half);
        }
    }

    /** Sets a number; JSON has none for what is not finite. */
    static void put(ObjectNode node, String key, double number) {
        if (Double.isFinite(number)) {
            node.put(key, number);
        } else {
            node.putNull(key);
        }
    }

    static ArrayNode skipped(List<Skipped> pictures) {
        ArrayNode list = NODES.arrayNode();
        pictures.forEach(picture ->
                list.addObject().put("path", picture.path().toString()).put("reason", picture.reason()));
        return list;
    }
}
