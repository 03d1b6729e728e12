package dev.graft.weights;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.io.JsonEOFException;
import dev.graft.GraftException;
import dev.graft.JsonText;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The header of a safetensors file, read strictly: every field in its place, of its type and only once. */
final class SafetensorsHeader {

    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(4)
                    .maxNumberLength(20)
                    .build())
            .build();

    private final Bytes bytes;
    private final ByteBuffer text;
    private final TensorTable table;
    private final Map<String, String> metadata = new LinkedHashMap<>();

    SafetensorsHeader(Bytes bytes, ByteBuffer text) {
        this.bytes = bytes;
        this.text = text;
        this.table = new TensorTable(bytes);
    }

    WeightFile parse(long dataStart) {
        try (JsonParser json = JSON.createParser(UntrustedText.decodeUtf8(text))) {
            expect(json, json.nextToken(), JsonToken.START_OBJECT, "an object of tensors");
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                if (name.equals(Safetensors.METADATA)) {
                    metadata(json);
                } else {
                    tensor(json, name);
                }
            }
            if (json.nextToken() != null) {
                throw fault(json, "expected nothing but spaces after the closing brace");
            }
        } catch (CharacterCodingException e) {
            throw bytes.fault("header", "expected UTF-8 text; the file is damaged, fetch it again");
        } catch (JsonEOFException e) {
            throw bytes.fault("header", JsonText.fault(e) + "; the file is damaged, fetch it again");
        } catch (JsonProcessingException e) {
            long place = e.getLocation() == null ? 0 : e.getLocation().getCharOffset();
            throw bytes.fault("header, character " + place, firstLine(e.getOriginalMessage()));
        } catch (IOException e) {
            throw new GraftException(bytes.description() + ": header: " + e.getMessage(), e);
        }
        return new WeightFile(bytes.description(), table.resolve(dataStart, true), metadata);
    }

    private void metadata(JsonParser json) throws IOException {
        expect(json, json.nextToken(), JsonToken.START_OBJECT, "an object of strings as " + Safetensors.METADATA);
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String key = json.currentName();
            expect(json, json.nextToken(), JsonToken.VALUE_STRING, "a string as metadata " + UntrustedText.quote(key));
            metadata.put(key, json.getText());
        }
    }

    private void tensor(JsonParser json, String name) throws IOException {
        String what = "tensor " + UntrustedText.quote(name);
        expect(json, json.nextToken(), JsonToken.START_OBJECT, "an object as " + what);
        String dtype = null;
        long[] shape = null;
        long[] offsets = null;
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String field = json.currentName();
            JsonToken value = json.nextToken();
            switch (field) {
                case "dtype" -> {
                    expect(json, value, JsonToken.VALUE_STRING, "a string as dtype of " + what);
                    dtype = json.getText();
                }
                case "shape" -> shape = numbers(json, what + ", shape");
                case "data_offsets" -> offsets = numbers(json, what + ", data_offsets");
                default -> throw fault(json, what + " has the unknown field " + UntrustedText.quote(field));
            }
        }
        if (dtype == null || shape == null || offsets == null || offsets.length != 2) {
            throw fault(json, what + ": expected dtype, shape and two data_offsets");
        }
        long end = table.add(name, encoding(json, dtype, what), shape, offsets[0]);
        if (end != offsets[1]) {
            throw fault(json, what + ": expected data up to offset " + end + " for its shape, got " + offsets[1]);
        }
    }

    private long[] numbers(JsonParser json, String what) throws IOException {
        expect(json, json.currentToken(), JsonToken.START_ARRAY, "an array as " + what);
        long[] numbers = new long[TensorTable.HIGHEST_RANK];
        int count = 0;
        while (json.nextToken() != JsonToken.END_ARRAY) {
            expect(json, json.currentToken(), JsonToken.VALUE_NUMBER_INT, "a whole number in " + what);
            if (count == TensorTable.HIGHEST_RANK) {
                throw fault(json, what + ": expected at most " + TensorTable.HIGHEST_RANK + " numbers");
            }
            numbers[count++] = json.getLongValue();
        }
        return Arrays.copyOf(numbers, count);
    }

    private Encoding encoding(JsonParser json, String dtype, String what) {
        for (Encoding encoding : Encoding.values()) {
            if (encoding != Encoding.Q8_0 && encoding.name().equals(dtype)) {
                return encoding;
            }
        }
        throw fault(
                json,
                what + " has dtype " + UntrustedText.quote(dtype) + ", which Graft does not read; convert it to F32");
    }

    private void expect(JsonParser json, @Nullable JsonToken token, JsonToken expected, String what) {
        if (token != expected) {
            String got = token == null
                    ? "the end"
                    : token.name().toLowerCase(Locale.ROOT).replace('_', ' ');
            throw fault(json, "expected " + what + ", got " + got);
        }
    }

    private GraftException fault(JsonParser json, String problem) {
        return bytes.fault("header, character " + json.currentLocation().getCharOffset(), problem);
    }

    private static String firstLine(String message) {
        return UntrustedText.printable(message.lines().findFirst().orElse("not JSON"))
                + "; the file is damaged, fetch it again";
    }
}
