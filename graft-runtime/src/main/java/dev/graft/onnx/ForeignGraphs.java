package dev.graft.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import dev.graft.GraftException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * The nodes of ONNX files inside a graph of Graft's. Their values get a prefix, so that no two are called the same;
 * their weights are constants of the graph already.
 */
final class ForeignGraphs {
    private final GraphProto.Builder graph;
    private final List<ModelProto> files = new ArrayList<>();
    /** Where the nodes of each file begin in the graph. */
    private final List<Integer> begins = new ArrayList<>();

    ForeignGraphs(GraphProto.Builder graph) {
        this.graph = graph;
    }

    /**
     * Adds the nodes of one.
     *
     * @param x the value that it takes
     * @param weights what its weights are called in the graph
     * @return the value that it gives
     * @throws GraftException if it is not valid; it may come from a bundle, so from anywhere
     */
    String inline(String x, byte[] content, Map<String, String> weights) {
        ModelProto file = ForeignNodes.parse("the ONNX nodes", ByteBuffer.wrap(content));
        GraphProto inner = file.getGraph();
        if (inner.getInputCount() != 1 || inner.getOutputCount() != 1 || OnnxOpsets.of(file) < OnnxOpsets.OLDEST) {
            throw new GraftException("the ONNX nodes have " + inner.getInputCount() + " inputs and "
                    + inner.getOutputCount() + " outputs, of version " + OnnxOpsets.of(file)
                    + "; expected one each, of "
                    + OnnxOpsets.OLDEST + " or later");
        }
        String prefix = "graph" + files.size() + "/";
        Map<String, String> known = new HashMap<>(weights);
        known.put(inner.getInput(0).getName(), x);
        UnaryOperator<String> names = name -> known.getOrDefault(name, prefix + name);
        for (TensorProto constant : inner.getInitializerList()) {
            graph.addInitializer(constant.toBuilder().setName(names.apply(constant.getName())));
        }
        begins.add(graph.getNodeCount());
        inner.getNodeList()
                .forEach(node -> graph.addNode(
                        ForeignNodes.renamed(node, names).toBuilder().setName(prefix + node.getName())));
        files.add(file);
        return names.apply(inner.getOutput(0).getName());
    }

    /**
     * The versions of operators for the whole graph; puts the files' nodes as that version of ONNX's own has them.
     *
     * @param wanted of ONNX's own operators, where the files allow it
     * @param needed by Graft's own nodes at least
     * @throws GraftException if the files and Graft's nodes need different ones
     */
    List<OperatorSetIdProto> imports(int wanted, int needed) {
        int version = OnnxOpsets.common(wanted, needed, files);
        for (int file = 0; file < files.size(); file++) {
            int from = OnnxOpsets.of(files.get(file));
            int count = files.get(file).getGraph().getNodeCount();
            for (int i = begins.get(file); i < begins.get(file) + count; i++) {
                graph.setNode(i, OnnxRaising.raised(graph.getNode(i), from, version, graph::addInitializer));
            }
        }
        return OnnxOpsets.imports(version, files);
    }

    long irVersion() {
        return files.stream().mapToLong(ModelProto::getIrVersion).reduce(OnnxGraph.IR_VERSION, Math::max);
    }
}
