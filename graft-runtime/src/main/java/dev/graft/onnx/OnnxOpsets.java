package dev.graft.onnx;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import dev.graft.GraftException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Versions of ONNX's operators, of which a model has one: what Graft's own nodes need, and whether nodes that were written
 * for one version mean the same in a later one.
 *
 * @see <a href="https://github.com/onnx/onnx/blob/main/docs/Changelog.md">what changed when</a>
 */
final class OnnxOpsets {
    /** The oldest that ONNX Runtime runs. */
    static final int OLDEST = 7;

    /** Up to which {@link #CHANGED} is complete. */
    private static final int KNOWN = 18;

    /** Since when the form that {@code OnnxOps} and {@code PictureNodes} write exists, where that is not always. */
    private static final Map<String, Integer> SINCE = Map.of(
            "Expand", 8,
            "Erf", 9,
            "Slice", 10,
            "Clip", 11,
            "Resize", 11,
            "Round", 11,
            "Softmax", 13,
            "LayerNormalization", 17);

    /** The operators that a version reads otherwise than the one before, from 8 to {@link #KNOWN}. */
    private static final Map<Integer, Set<String>> CHANGED = Map.of(
            9, Set.of("BatchNormalization", "Scan", "Upsample"),
            10, Set.of("Slice", "TopK", "Upsample"),
            11, Set.of("Clip", "Pad", "Resize", "Scatter"),
            12, Set.of("Dropout"),
            13, Set.of("Hardmax", "LogSoftmax", "ReduceSum", "Resize", "Softmax", "Split", "Squeeze", "Unsqueeze"),
            14, Set.of("BatchNormalization"),
            16, Set.of("RoiAlign"),
            18,
                    Set.of(
                            "ReduceL1",
                            "ReduceL2",
                            "ReduceLogSum",
                            "ReduceLogSumExp",
                            "ReduceMax",
                            "ReduceMean",
                            "ReduceMin",
                            "ReduceProd",
                            "ReduceSumSquare",
                            "Split"));

    private OnnxOpsets() {}

    /** The version of ONNX's own operators that a model is written for. */
    static int of(ModelProto model) {
        return model.getOpsetImportList().stream()
                .filter(version -> isOwn(version.getDomain()))
                .mapToInt(version -> (int) Math.min(Integer.MAX_VALUE, version.getVersion()))
                .findFirst()
                .orElse(1);
    }

    static boolean isOwn(String domain) {
        return domain.isEmpty() || domain.equals("ai.onnx");
    }

    static int needed(NodeProto.Builder ours) {
        boolean antialiases = ours.getAttributeList().stream()
                .anyMatch(attribute -> attribute.getName().equals("antialias"));
        if (antialiases) {
            return PictureNodes.OPSET;
        }
        boolean biasless = ours.getOpType().equals("Gemm") && ours.getInputCount() < 3;
        return biasless ? 11 : SINCE.getOrDefault(ours.getOpType(), OLDEST);
    }

    /**
     * One version for Graft's nodes and for those of files.
     *
     * @param wanted what Graft writes
     * @param needed what its nodes need at least
     * @throws GraftException if there is none
     */
    static int common(int wanted, int needed, Collection<ModelProto> files) {
        int newest = files.stream().mapToInt(OnnxOpsets::of).max().orElse(wanted);
        int oldest = files.stream().mapToInt(OnnxOpsets::of).min().orElse(wanted);
        int target = Math.max(wanted, newest);
        Optional<String> obstacle =
                files.stream().flatMap(file -> obstacle(file, target).stream()).findFirst();
        if (obstacle.isEmpty()) {
            return target;
        }
        if (oldest == newest && needed <= oldest) {
            return oldest;
        }
        throw new GraftException("the ONNX file's nodes are of version " + oldest + " of ONNX's operators, "
                + Math.max(needed, newest) + " is needed here, in which its " + obstacle.get()
                + " would mean something else; export the file again for version " + target);
    }

    /** The operator of a file that means something else in a later version, and cannot be put otherwise. */
    private static Optional<String> obstacle(ModelProto file, int target) {
        int from = of(file);
        List<NodeProto> nodes = ForeignNodes.nodes(file.getGraph());
        for (int i = 0; i < nodes.size(); i++) {
            NodeProto node = nodes.get(i);
            // Those inside others come after the graph's own.
            boolean inner = i >= file.getGraph().getNodeCount();
            if (isOwn(node.getDomain()) && changes(node, inner, from, target)) {
                return Optional.of(node.getOpType());
            }
        }
        return Optional.empty();
    }

    private static boolean changes(NodeProto node, boolean inner, int from, int target) {
        if (target > from && target > KNOWN) {
            return true;
        }
        return CHANGED.entrySet().stream()
                .filter(change -> change.getKey() > from && change.getKey() <= target)
                .filter(change -> change.getValue().contains(node.getOpType()))
                .anyMatch(change -> inner || !OnnxRaising.knows(node, change.getKey()));
    }

    /** The versions of all operators in a model: ONNX's own, and those that files bring along. */
    static List<OperatorSetIdProto> imports(int own, Collection<ModelProto> files) {
        List<OperatorSetIdProto> imports = new ArrayList<>();
        imports.add(OperatorSetIdProto.newBuilder().setVersion(own).build());
        files.stream()
                .flatMap(file -> file.getOpsetImportList().stream())
                .filter(version -> !isOwn(version.getDomain()))
                .filter(version -> ForeignNodes.DOMAINS.contains(version.getDomain()))
                .filter(version ->
                        imports.stream().noneMatch(known -> known.getDomain().equals(version.getDomain())))
                .forEach(imports::add);
        return imports;
    }
}
