package dev.graft.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.graft.data.FileKind;
import dev.graft.data.PictureFormat;
import dev.graft.onnx.OnnxInitializers;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** What commands write, each known by its first bytes. */
enum OutputKind {
    JSON("a JSON file", true),
    /** A picture that may go to a stream too. */
    PLOT("a PNG picture", true),
    /** Pictures in rows, which are written to a file only. */
    GRID("a PNG picture", false),
    ONNX("an ONNX file", false),
    SAFETENSORS("a safetensors file", false),
    MODEL("a Graft model", false);

    /** How many tell JSON from a text that begins with a bracket, as notes and INI files do. */
    private static final int TOKENS = 4;

    private static final JsonFactory PARSERS = new JsonFactory();

    private static final String ZIP = "PK\3\4";
    private static final int ENTRY_NAME = 30;
    private static final long LONGEST_HEADER = 100_000_000;

    private final String title;
    private final boolean streams;

    OutputKind(String title, boolean streams) {
        this.title = title;
        this.streams = streams;
    }

    /** In words: {@code a PNG picture}. */
    String title() {
        return title;
    }

    /** Whether it may go to a stream rather than to a file. */
    boolean streams() {
        return streams;
    }

    /** Whether it is a picture, whose name then says so. */
    boolean isPicture() {
        return this == PLOT || this == GRID;
    }

    /** Whether a file that begins with these bytes, {@link FileKind#ENOUGH} of them or all, is of this kind. */
    boolean begins(byte[] file) {
        return switch (this) {
            case JSON -> isJson(file);
            case PLOT, GRID ->
                FileKind.of(file).format().filter(PictureFormat.PNG::equals).isPresent();
            case ONNX -> OnnxInitializers.isLikely(ByteBuffer.wrap(file));
            case SAFETENSORS -> isSafetensors(file);
            case MODEL -> has(file, 0, ZIP) && has(file, ENTRY_NAME, "graft.json");
        };
    }

    /** What a file is that begins so, in words; empty where nobody knows. */
    static String titleOf(byte[] file) {
        return Arrays.stream(values())
                .filter(kind -> kind.begins(file))
                .map(OutputKind::title)
                .findFirst()
                .orElseGet(() -> FileKind.of(file).name());
    }

    private static boolean isJson(byte[] file) {
        try (JsonParser parser = PARSERS.createParser(file)) {
            JsonToken token = parser.nextToken();
            boolean structure = token != null && token.isStructStart();
            for (int i = 1; i < TOKENS && token != null; i++) {
                token = parser.nextToken();
            }
            return structure;
        } catch (IOException e) {
            return false;
        }
    }

    /** The length of the header, then its brace. */
    private static boolean isSafetensors(byte[] file) {
        if (!has(file, Long.BYTES, "{")) {
            return false;
        }
        long length = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong();
        return length > 0 && length <= LONGEST_HEADER;
    }

    private static boolean has(byte[] file, int at, String text) {
        byte[] expected = text.getBytes(StandardCharsets.ISO_8859_1);
        return file.length >= at + expected.length
                && Arrays.equals(file, at, at + expected.length, expected, 0, expected.length);
    }
}
