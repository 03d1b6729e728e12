package dev.graft.transfer;

import dev.graft.audit.DataCare;
import dev.graft.data.InputGeometry;
import dev.graft.train.Phase;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a run is about to do.
 *
 * @param model the backbone's name
 * @param geometry how a picture becomes the input
 * @param classes the names of the classes
 * @param counts pictures of each class in training
 * @param training pictures to train on; likewise the next two
 * @param ignored files in the folder that are not pictures, by extension
 * @param care what was done so that no part knows pictures of another
 * @param parameters numbers in the whole network
 * @param head the first phase
 * @param headParameters numbers that it trains
 * @param fineTuning the second phase, or null where there is none
 * @param unfreeze from where on the second phase trains the backbone
 * @param fineTuningParameters numbers that it trains
 * @param onnx how a network from an ONNX file is used, or null for one of the zoo
 */
public record TransferPlan(
        String model,
        InputGeometry geometry,
        List<String> classes,
        List<Integer> counts,
        int training,
        int validation,
        int test,
        Map<String, Integer> ignored,
        DataCare care,
        long parameters,
        Phase head,
        long headParameters,
        @Nullable Phase fineTuning,
        String unfreeze,
        long fineTuningParameters,
        @Nullable OnnxUse onnx) {}
