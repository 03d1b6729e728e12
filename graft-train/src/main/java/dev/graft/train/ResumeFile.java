package dev.graft.train;

import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.GraftException;
import dev.graft.Sha256;
import dev.graft.WholeFile;
import dev.graft.tensor.HostTensor;
import dev.graft.train.TrainerState.PhaseNumbers;
import dev.graft.weights.Safetensors;
import dev.graft.weights.WeightFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A {@link ResumePoint} as a safetensors file: the trainer's tensors behind {@code state/}, the caller's behind {@code own/},
 * texts and numbers as JSON in the metadata, and there a SHA-256 over all of it.
 */
final class ResumeFile {
    private static final String FORMAT = "graft.resume";
    private static final String VERSION = "1";
    private static final String FACTS = "facts";
    private static final String PLAN = "plan";
    private static final String NUMBERS = "numbers";
    private static final String SHA_256 = "sha256";
    private static final String STATE = "state/";
    private static final String OWN = "own/";
    private static final int LONGEST_TEXT = 100_000_000;

    private static final ObjectMapper JSON = new ObjectMapper()
            .enable(
                    DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES,
                    DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES,
                    DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            // Methods such as isNone are no part of a record.
            .setVisibility(PropertyAccessor.GETTER, Visibility.NONE)
            .setVisibility(PropertyAccessor.IS_GETTER, Visibility.NONE)
            .setVisibility(PropertyAccessor.FIELD, Visibility.ANY);

    static {
        JSON.getFactory()
                .setStreamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(20)
                        .maxStringLength(LONGEST_TEXT)
                        .build());
    }

    private ResumeFile() {}

    static void write(Path path, ResumePoint point) {
        Map<String, HostTensor> tensors = new TreeMap<>();
        point.tensors().forEach((name, tensor) -> tensors.put(OWN + name, tensor));
        Map<String, String> metadata = new TreeMap<>();
        metadata.put(FORMAT, VERSION);
        metadata.put(FACTS, json(point.facts()));
        TrainerState state = point.state();
        if (state != null) {
            state.tensors().forEach((name, tensor) -> tensors.put(STATE + name, tensor));
            metadata.put(PLAN, json(state.plan()));
            metadata.put(NUMBERS, json(state.numbers()));
        }
        metadata.put(SHA_256, hash(metadata, tensors));
        Safetensors.writeThrough(WholeFile.at(path), tensors, metadata);
    }

    /**
     * Reads a point; its tensors are copies, so that the file may go.
     *
     * @throws GraftException if it is not whole, or nothing of this format
     */
    static ResumePoint read(Path path) {
        WeightFile file = Safetensors.read(path);
        if (!VERSION.equals(file.metadata().get(FORMAT))) {
            throw new GraftException(path + ": nothing that this version of Graft can resume from");
        }
        Map<String, HostTensor> tensors = new TreeMap<>();
        file.tensors().forEach((name, stored) -> {
            HostTensor mapped = stored.read();
            tensors.put(name, HostTensor.of(mapped.shape(), mapped.toArray()));
        });
        if (!hash(file.metadata(), tensors).equals(file.text(SHA_256))) {
            throw new GraftException(path + ": damaged: its content does not have the hash that it says");
        }
        try {
            return new ResumePoint(state(file, tensors), map(file.text(FACTS)), below(OWN, tensors));
        } catch (JsonProcessingException e) {
            throw new GraftException(path + ": its numbers cannot be read: " + e.getOriginalMessage(), e);
        }
    }

    private static @Nullable TrainerState state(WeightFile file, Map<String, HostTensor> tensors)
            throws JsonProcessingException {
        if (!file.metadata().containsKey(PLAN)) {
            return null;
        }
        PhaseNumbers numbers = JSON.readValue(file.text(NUMBERS), PhaseNumbers.class);
        return new TrainerState(map(file.text(PLAN)), numbers, below(STATE, tensors));
    }

    private static Map<String, HostTensor> below(String prefix, Map<String, HostTensor> tensors) {
        Map<String, HostTensor> found = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> {
            if (name.startsWith(prefix)) {
                found.put(name.substring(prefix.length()), tensor);
            }
        });
        return found;
    }

    private static Map<String, String> map(String json) throws JsonProcessingException {
        return JSON.readValue(json, new TypeReference<LinkedHashMap<String, String>>() {});
    }

    private static String json(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("records of numbers and texts are JSON", e);
        }
    }

    /** Over all texts but the hash itself, and all tensors, by name. */
    private static String hash(Map<String, String> metadata, Map<String, HostTensor> tensors) {
        Map<String, String> texts = new TreeMap<>(metadata);
        texts.remove(SHA_256);
        var digest = Sha256.digest();
        digest.update(Sha256.of(json(texts)).getBytes(StandardCharsets.US_ASCII));
        tensors.forEach((name, tensor) -> TensorHash.update(digest, name, tensor));
        return Sha256.hex(digest);
    }
}
