package dev.graft.transfer.plan;

import dev.graft.Message;
import dev.graft.audit.DataCare;
import dev.graft.data.InputGeometry;
import dev.graft.heads.Head;
import dev.graft.transfer.config.Balance;
import dev.graft.transfer.network.OnnxUse;
import dev.graft.transfer.plan.PlannedPhase.HeadPhase;
import dev.graft.transfer.plan.PlannedPhase.TuningPhase;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a run is about to do.
 *
 * @param model the backbone's name
 * @param geometry how a picture becomes the input
 * @param classes the names of the classes
 * @param counts pictures of each class in training
 * @param training pictures to train on; likewise the next two
 * @param source what else is to be known of the folders
 * @param care what was done so that no part knows pictures of another
 * @param advice what the pictures suggest
 * @param parameters numbers in the whole network
 * @param phases in order: the head's, unless that is left out, then those of fine-tuning
 * @param onnx how a network from an ONNX file is used, or null for one of the zoo
 * @param notes what was asked for and changes nothing, a sentence each
 */
public record TransferPlan(
        String model,
        InputGeometry geometry,
        List<String> classes,
        List<Integer> counts,
        int training,
        int validation,
        int test,
        Source source,
        DataCare care,
        Advice advice,
        long parameters,
        List<PlannedPhase> phases,
        @Nullable OnnxUse onnx,
        List<Message> notes) {
    /**
     * What the folders hold beside the pictures.
     *
     * @param ignored files that are not pictures, by extension
     * @param remarks what else was passed over or looks odd, a sentence each
     * @param validated whether there is a folder of its own to validate on
     */
    public record Source(Map<String, Integer> ignored, List<String> remarks, boolean validated) {
        public Source {
            ignored = Collections.unmodifiableMap(new TreeMap<>(ignored));
            remarks = List.copyOf(remarks);
        }
    }

    public TransferPlan {
        phases = List.copyOf(phases);
        notes = List.copyOf(notes);
    }

    /** The head's phase; empty where a fresh head trains with the backbone from the start. */
    public Optional<HeadPhase> head() {
        return phases.stream()
                .filter(HeadPhase.class::isInstance)
                .map(HeadPhase.class::cast)
                .findFirst();
    }

    /** The phases that train a part of the backbone, in order. */
    public List<TuningPhase> tuning() {
        return phases.stream()
                .filter(TuningPhase.class::isInstance)
                .map(TuningPhase.class::cast)
                .toList();
    }

    /** Whether classes count alike whatever {@link Balance#WEIGHTS} says. */
    public boolean ignoresWeights(Head head) {
        return WithoutEffect.ignoresWeights(head, tuning());
    }

    /** The same without what comes after the head. */
    TransferPlan headOnly() {
        return new TransferPlan(
                model,
                geometry,
                classes,
                counts,
                training,
                validation,
                test,
                source,
                care,
                advice,
                parameters,
                head().<List<PlannedPhase>>map(List::of).orElse(List.of()),
                onnx,
                notes);
    }
}
