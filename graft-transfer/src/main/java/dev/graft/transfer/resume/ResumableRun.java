package dev.graft.transfer.resume;

import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.GraftException;
import dev.graft.GraftVersion;
import dev.graft.Message;
import dev.graft.SettingName;
import dev.graft.Sha256;
import dev.graft.data.Picture;
import dev.graft.tensor.HostTensor;
import dev.graft.train.ResumeFolder;
import dev.graft.train.ResumePoint;
import dev.graft.train.StateKeeper;
import dev.graft.train.TrainerState;
import dev.graft.transfer.config.ResolvedSettings;
import dev.graft.transfer.config.RunSettings;
import dev.graft.transfer.phase.FreezeCertificate;
import dev.graft.transfer.phase.PhaseResult;
import dev.graft.transfer.plan.PreparedRun;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a run keeps in the phases after the first, so that it can be gone on with, and what an interrupted one has left.
 * Feature extraction and the head are quick and repeat themselves exactly, so they are gone through again.
 */
public final class ResumableRun {
    private static final String PHASE = "phase";
    private static final String DONE = "done";
    private static final String RESUME = SettingName.of("resume");

    private static final ObjectMapper JSON = new ObjectMapper()
            .setVisibility(PropertyAccessor.GETTER, Visibility.NONE)
            .setVisibility(PropertyAccessor.IS_GETTER, Visibility.NONE)
            .setVisibility(PropertyAccessor.FIELD, Visibility.ANY);

    private final ResumeSettings resuming;
    private final ResumeFolder folder;
    private final Map<String, String> run;
    private final Map<String, HostTensor> initial;
    private final @Nullable ResumePoint left;
    private boolean broken;

    private ResumableRun(
            ResumeSettings resuming,
            ResumeFolder folder,
            Map<String, String> run,
            Map<String, HostTensor> initial,
            @Nullable ResumePoint left) {
        this.resuming = resuming;
        this.folder = folder;
        this.run = run;
        this.initial = initial;
        this.left = left;
    }

    /**
     * Finds what is left of a run.
     *
     * @throws GraftException if there is nothing to go on with, or it is of a run with other settings or pictures; lists
     *     the differences
     */
    public static ResumableRun of(ResumeSettings resuming, PreparedRun prepared) {
        ResumeFolder folder = ResumeFolder.at(resuming.folder());
        Map<String, String> run = facts(prepared);
        Map<String, HostTensor> initial =
                new LinkedHashMap<>(prepared.network().network().weights());
        if (!resuming.resumes()) {
            folder.clear();
            return new ResumableRun(resuming, folder, run, initial, null);
        }
        ResumePoint left = folder.newest(damaged -> {}).orElseThrow(() -> nothing(resuming));
        Map<String, String> before = left.facts();
        List<String> differences = new ArrayList<>();
        run.forEach((name, now) -> {
            String then = before.getOrDefault(name, "nothing");
            if (!then.equals(now)) {
                differences.add(name + " was " + then + ", is " + now);
            }
        });
        if (!differences.isEmpty()) {
            throw new GraftException(
                    resuming.folder() + ": the interrupted run cannot be resumed: " + String.join("; ", differences)
                            + ". Give what it was given, or leave " + RESUME + " out to start over");
        }
        return new ResumableRun(resuming, folder, run, initial, left);
    }

    /**
     * Looks whether there is anything to go on with, before the pictures are looked at for it.
     *
     * @throws GraftException if there is nothing
     */
    public static void require(ResumeSettings resuming) {
        if (resuming.resumes() && ResumeFolder.at(resuming.folder()).isEmpty()) {
            throw nothing(resuming);
        }
    }

    private static GraftException nothing(ResumeSettings resuming) {
        return new GraftException(resuming.folder() + ": no interrupted run to resume (what is stopped before its"
                + " fine-tuning keeps nothing, as it is quick); leave " + RESUME + " out to start over");
    }

    private static Map<String, String> facts(PreparedRun prepared) {
        ResolvedSettings settings = prepared.settings();
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("graft", GraftVersion.get());
        facts.put("model", prepared.plan().model());
        facts.put("weights", digest(prepared.extractor().weights()));
        facts.put("image_size", Integer.toString(prepared.plan().geometry().size()));
        facts.put("threads", Integer.toString(settings.get(RunSettings.THREADS)));
        settings.describe().forEach((name, value) -> facts.put(name, value.toString()));
        facts.put("classes", json(prepared.plan().classes()));
        List<String> names = List.of("training pictures", "validation pictures", "test pictures");
        for (int part = 0; part < prepared.parts().size(); part++) {
            facts.put(names.get(part), digest(prepared.parts().get(part), prepared));
        }
        return facts;
    }

    /** Of names too: joined by commas, "a, b" would be one or two. */
    private static String json(List<?> values) {
        try {
            return JSON.writeValueAsString(values);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String digest(List<Picture> pictures, PreparedRun prepared) {
        MessageDigest digest = Sha256.digest();
        for (Picture picture : pictures) {
            String line = prepared.extraction().hash(picture.path()).orElse("") + " " + picture.label() + " "
                    + prepared.split().weight(picture) + "\n";
            digest.update(line.getBytes(StandardCharsets.UTF_8));
        }
        return pictures.size() + " (" + Sha256.hex(digest).substring(0, 12) + ")";
    }

    private static String digest(Map<String, HostTensor> weights) {
        return FreezeCertificate.of(weights).digest().substring(0, 12);
    }

    /** Whether the interrupted run was in a phase after this one, so that this one need not be gone through again. */
    public boolean isPast(int phase) {
        return left != null && Integer.parseInt(fact(PHASE, "0")) > phase;
    }

    /** Where the interrupted run was in a phase. */
    public Optional<TrainerState> state(int phase) {
        return left != null && fact(PHASE, "").equals(Integer.toString(phase))
                ? Optional.ofNullable(left.state())
                : Optional.empty();
    }

    private String fact(String name, String otherwise) {
        return left == null ? otherwise : left.facts().getOrDefault(name, otherwise);
    }

    /** The weights with which the interrupted run began the phase that it was in, as far as phases had changed them. */
    public Map<String, HostTensor> weights() {
        return left == null ? Map.of() : left.tensors();
    }

    /** The results of the tuning phases that the interrupted run had behind it. */
    public List<PhaseResult> done() {
        try {
            return JSON.readValue(fact(DONE, "[]"), new TypeReference<>() {});
        } catch (JsonProcessingException e) {
            throw new GraftException(
                    resuming.folder() + ": cannot be resumed: " + e.getOriginalMessage() + "; leave " + RESUME
                            + " out to start over",
                    e);
        }
    }

    /**
     * What keeps states of a phase.
     *
     * @param phase counted from 0
     * @param done the results of the tuning phases before it
     * @param weights with which it begins
     * @param notes is told, once, if nothing can be kept any more; the run goes on without
     */
    public StateKeeper keeper(
            int phase, List<PhaseResult> done, Map<String, HostTensor> weights, Consumer<Message> notes) {
        Map<String, String> facts = new LinkedHashMap<>(run);
        facts.put(PHASE, Integer.toString(phase));
        facts.put(DONE, json(done));
        Map<String, HostTensor> changed = new LinkedHashMap<>();
        weights.forEach((name, weight) -> {
            HostTensor before = initial.get(name);
            if (before == null || !weight.sameBits(before)) {
                changed.put(name, weight);
            }
        });
        return StateKeeper.every(resuming.interval(), state -> write(new ResumePoint(state, facts, changed), notes));
    }

    private void write(ResumePoint point, Consumer<Message> notes) {
        if (broken) {
            return;
        }
        try {
            folder.write(point);
        } catch (GraftException e) {
            broken = true;
            notes.accept(
                    new Message("training goes on, but " + RESUME + " could not go on from here: " + e.getMessage()));
        }
    }
}
