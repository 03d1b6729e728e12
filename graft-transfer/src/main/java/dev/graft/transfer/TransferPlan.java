package dev.graft.transfer;

import dev.graft.audit.DataCare;
import dev.graft.data.InputGeometry;
import dev.graft.heads.Head;
import dev.graft.train.Optimizer;
import dev.graft.train.Phase;
import java.util.Collections;
import java.util.List;
import java.util.Map;
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
 * @param head the first phase
 * @param tuning the phases after it, in order
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
        HeadPhase head,
        List<TuningPhase> tuning,
        @Nullable OnnxUse onnx,
        List<String> notes) {
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

    /**
     * The head on the frozen backbone.
     *
     * @param phase how gradients train it, or null for a head that is solved
     * @param parameters numbers that it has
     * @param first whether there is such a phase
     */
    public record HeadPhase(Head head, @Nullable Phase phase, long parameters, boolean first) {}

    /**
     * A part of the backbone with the head.
     *
     * @param from the first stage that trains, how many layers from the end, or {@code all}
     * @param learningRate the highest
     * @param groups which weights have which rate
     * @param parameters numbers that it trains
     */
    public record TuningPhase(
            Phase phase, String from, double learningRate, List<Optimizer.Assigned> groups, long parameters) {}

    public TransferPlan {
        tuning = List.copyOf(tuning);
        notes = List.copyOf(notes);
    }

    /** Files in the folder that are not pictures, by extension. */
    public Map<String, Integer> ignored() {
        return source.ignored();
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
                head,
                List.of(),
                onnx,
                notes);
    }
}
