package dev.graft.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.ExtensionRegistryLite;
import com.google.protobuf.UnsafeByteOperations;
import dev.graft.GraftException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Nodes of ONNX that others wrote, with those of control flow inside them: parsed in bounds, checked, renamed. */
final class ForeignNodes {
    /** ONNX's own operators, by both names of their domain, and what ONNX Runtime itself adds. */
    static final Set<String> DOMAINS = Set.of("", "ai.onnx", "ai.onnx.ml", "com.microsoft");

    private static final int LONGEST_NAME = 80;

    private ForeignNodes() {}

    /**
     * Parses a model, whose nodes then mean the same in every locale; raw numbers stay views of the content.
     *
     * @param description where it comes from, for messages
     * @throws GraftException if it is not valid, names other files, or has nodes that Graft does not run
     */
    static ModelProto parse(String description, ByteBuffer content) {
        ModelProto model = unchecked(description, content);
        check(description, model.getGraph());
        return LocaleProof.of(model);
    }

    /**
     * The same of a file, which may keep its numbers in others beside it.
     *
     * @throws GraftException as above, and if one of those is not as it should be
     */
    static ModelProto parse(Path file, ByteBuffer content) {
        ModelProto model = unchecked(file.toString(), content);
        ModelProto whole =
                tensors(model.getGraph()).anyMatch(ExternalData::is) ? ExternalData.into(model, file) : model;
        check(file.toString(), whole.getGraph());
        return LocaleProof.of(whole);
    }

    private static ModelProto unchecked(String description, ByteBuffer content) {
        ModelProto model;
        try {
            OnnxSize.check(content);
            CodedInputStream in = UnsafeByteOperations.unsafeWrap(content).newCodedInput();
            in.enableAliasing(true);
            model = ModelProto.parseFrom(in, ExtensionRegistryLite.getEmptyRegistry());
        } catch (IOException e) {
            throw new GraftException(
                    description + ": not an ONNX file, or cut short or damaged (" + OnnxInitializers.firstLine(e)
                            + "); fetch it again",
                    e);
        }
        return model;
    }

    /** All tensors with numbers, also those inside nodes. */
    static Stream<TensorProto> tensors(GraphProto graph) {
        return Stream.concat(
                graphs(graph).flatMap(inner -> inner.getInitializerList().stream()),
                nodes(graph).stream()
                        .flatMap(node -> node.getAttributeList().stream())
                        .flatMap(ForeignNodes::tensors));
    }

    private static void check(String description, GraphProto graph) {
        tensors(graph).forEach(tensor -> checkTensor(description, tensor));
        nodes(graph).forEach(node -> {
            boolean sparse = node.getAttributeList().stream()
                    .anyMatch(attribute -> attribute.hasSparseTensor() || attribute.getSparseTensorsCount() > 0);
            if (sparse || !DOMAINS.contains(node.getDomain())) {
                throw new GraftException(description + ": node " + quoted(node.getName()) + " is "
                        + (sparse ? "sparse" : "of the domain " + quoted(node.getDomain()))
                        + ", which is not run; export the network with ONNX's own operators");
            }
        });
        if (graphs(graph).anyMatch(inner -> inner.getSparseInitializerCount() > 0)) {
            throw new GraftException(description + ": it has sparse weights, which are not read; export dense ones");
        }
    }

    private static void checkTensor(String description, TensorProto tensor) {
        if (ExternalData.is(tensor)) {
            throw ExternalData.refused(description, tensor);
        }
    }

    private static Stream<TensorProto> tensors(AttributeProto attribute) {
        Stream<TensorProto> listed = attribute.getTensorsList().stream();
        return attribute.hasT() ? Stream.concat(Stream.of(attribute.getT()), listed) : listed;
    }

    /** The graph, and each inside of its nodes. */
    static Stream<GraphProto> graphs(GraphProto graph) {
        return Stream.concat(
                Stream.of(graph),
                graph.getNodeList().stream().flatMap(ForeignNodes::subgraphs).flatMap(ForeignNodes::graphs));
    }

    static Stream<GraphProto> subgraphs(NodeProto node) {
        return node.getAttributeList().stream().flatMap(attribute -> {
            Stream<GraphProto> listed = attribute.getGraphsList().stream();
            return attribute.hasG() ? Stream.concat(Stream.of(attribute.getG()), listed) : listed;
        });
    }

    /** All nodes, also those inside others. */
    static List<NodeProto> nodes(GraphProto graph) {
        List<NodeProto> nodes = new ArrayList<>();
        graphs(graph).forEach(inner -> nodes.addAll(inner.getNodeList()));
        return nodes;
    }

    /** The values that a node needs, also those that graphs inside it take from outside, with some of their own. */
    static void forEachUse(NodeProto node, Consumer<String> use) {
        node.getInputList().stream().filter(name -> !name.isEmpty()).forEach(use);
        subgraphs(node).forEach(inner -> {
            inner.getNodeList().forEach(within -> forEachUse(within, use));
            inner.getOutputList().forEach(output -> use.accept(output.getName()));
        });
    }

    /** The node with every value under another name; an input that is left out stays so. */
    static NodeProto renamed(NodeProto node, UnaryOperator<String> names) {
        NodeProto.Builder renamed = node.toBuilder().clearInput().clearOutput().clearAttribute();
        node.getInputList().forEach(name -> renamed.addInput(rename(name, names)));
        node.getOutputList().forEach(name -> renamed.addOutput(rename(name, names)));
        node.getAttributeList().forEach(attribute -> renamed.addAttribute(renamed(attribute, names)));
        return renamed.build();
    }

    private static AttributeProto renamed(AttributeProto attribute, UnaryOperator<String> names) {
        if (!attribute.hasG() && attribute.getGraphsCount() == 0) {
            return attribute;
        }
        AttributeProto.Builder renamed = attribute.toBuilder().clearGraphs();
        if (attribute.hasG()) {
            renamed.setG(renamed(attribute.getG(), names));
        }
        attribute.getGraphsList().forEach(graph -> renamed.addGraphs(renamed(graph, names)));
        return renamed.build();
    }

    private static GraphProto renamed(GraphProto graph, UnaryOperator<String> names) {
        GraphProto.Builder renamed = graph.toBuilder()
                .clearNode()
                .clearInitializer()
                .clearInput()
                .clearOutput()
                .clearValueInfo();
        graph.getNodeList().forEach(node -> renamed.addNode(renamed(node, names)));
        graph.getInitializerList()
                .forEach(tensor -> renamed.addInitializer(tensor.toBuilder().setName(rename(tensor.getName(), names))));
        graph.getInputList()
                .forEach(value -> renamed.addInput(value.toBuilder().setName(rename(value.getName(), names))));
        graph.getOutputList()
                .forEach(value -> renamed.addOutput(value.toBuilder().setName(rename(value.getName(), names))));
        return renamed.build();
    }

    private static String rename(String name, UnaryOperator<String> names) {
        return name.isEmpty() ? name : names.apply(name);
    }

    /** A name from a file, for messages: one line of it. */
    static String quoted(String name) {
        String line = name.replaceAll("\\p{C}", "?");
        return "'" + (line.length() <= LONGEST_NAME ? line : line.substring(0, LONGEST_NAME) + "...") + "'";
    }
}
