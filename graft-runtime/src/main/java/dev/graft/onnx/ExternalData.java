package dev.graft.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.UnsafeByteOperations;
import dev.graft.GraftException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * The numbers that an ONNX file keeps in other files, as exporters do with large networks: {@code network.onnx.data} beside
 * {@code network.onnx}. They are taken from inside the folder of the file only, whatever it says: no absolute path, none
 * that climbs, no link that leads out.
 *
 * @see <a href="https://github.com/onnx/onnx/blob/main/docs/ExternalData.md">the format</a>
 */
final class ExternalData {
    private static final int MOST_FILES = 4096;
    private static final String WHERE = "location";

    private final String description;
    private final Path folder;
    private final Map<String, ByteBuffer> files = new HashMap<>();
    private long bytes;

    private ExternalData(String description, Path folder) {
        this.description = description;
        this.folder = folder;
    }

    static boolean is(TensorProto tensor) {
        return tensor.getDataLocation() == TensorProto.DataLocation.EXTERNAL || tensor.getExternalDataCount() > 0;
    }

    /** Of a tensor whose numbers are not read: what a user is told. */
    static GraftException refused(String description, TensorProto tensor) {
        return new GraftException(description + ": weight " + ForeignNodes.quoted(tensor.getName())
                + " lies in another file, " + ForeignNodes.quoted(value(tensor, WHERE))
                + "; export the model in one file, or join them in Python: onnx.save(onnx.load(file), another)");
    }

    /**
     * The model with all its numbers in it, as views of the files.
     *
     * @param file the model was read from
     * @throws GraftException if a file is missing, outside of the folder, or shorter than the model says
     */
    static ModelProto into(ModelProto model, Path file) {
        Path folder = Objects.requireNonNull(file.toAbsolutePath().normalize().getParent(), "a file is in a folder");
        ExternalData data = new ExternalData(file.toString(), folder);
        return model.toBuilder().setGraph(data.graph(model.getGraph())).build();
    }

    private GraphProto graph(GraphProto graph) {
        GraphProto.Builder whole = graph.toBuilder();
        for (int i = 0; i < graph.getInitializerCount(); i++) {
            if (is(graph.getInitializer(i))) {
                whole.setInitializer(i, tensor(graph.getInitializer(i)));
            }
        }
        for (int i = 0; i < graph.getNodeCount(); i++) {
            NodeProto node = graph.getNode(i);
            for (int at = 0; at < node.getAttributeCount(); at++) {
                AttributeProto attribute = node.getAttribute(at);
                if (attribute.hasT()
                        || attribute.hasG()
                        || attribute.getTensorsCount() + attribute.getGraphsCount() > 0) {
                    whole.getNodeBuilder(i).setAttribute(at, attribute(attribute));
                }
            }
        }
        return whole.build();
    }

    private AttributeProto attribute(AttributeProto attribute) {
        AttributeProto.Builder whole = attribute.toBuilder().clearTensors().clearGraphs();
        if (attribute.hasT()) {
            whole.setT(tensor(attribute.getT()));
        }
        if (attribute.hasG()) {
            whole.setG(graph(attribute.getG()));
        }
        attribute.getTensorsList().forEach(tensor -> whole.addTensors(tensor(tensor)));
        attribute.getGraphsList().forEach(inner -> whole.addGraphs(graph(inner)));
        return whole.build();
    }

    private TensorProto tensor(TensorProto tensor) {
        if (!is(tensor)) {
            return tensor;
        }
        String location = value(tensor, WHERE);
        ByteBuffer file = files.get(location);
        if (file == null) {
            file = map(tensor, location);
            files.put(location, file);
        }
        long offset = number(tensor, "offset", 0);
        long length = number(tensor, "length", Math.max(0, file.limit() - offset));
        if (offset > file.limit() || length > file.limit() - offset) {
            throw fault(
                    tensor,
                    "takes " + length + " bytes from " + offset + " on of " + ForeignNodes.quoted(location)
                            + ", which has " + file.limit() + "; is it cut short, or of another export?");
        }
        bytes += length;
        if (bytes > Integer.MAX_VALUE) {
            throw new GraftException(description + ": networks of more than 2 GiB are not read as backbones");
        }
        ByteBuffer part = file.slice(Math.toIntExact(offset), Math.toIntExact(length));
        return tensor.toBuilder()
                .clearExternalData()
                .clearDataLocation()
                .setRawData(UnsafeByteOperations.unsafeWrap(part))
                .build();
    }

    private ByteBuffer map(TensorProto tensor, String location) {
        if (files.size() == MOST_FILES) {
            throw new GraftException(description + ": its weights lie in more than " + MOST_FILES + " files; export it"
                    + " again with one");
        }
        try (FileChannel channel = FileChannel.open(place(tensor, location))) {
            if (channel.size() > Integer.MAX_VALUE) {
                throw fault(
                        tensor,
                        "lies in " + ForeignNodes.quoted(location)
                                + "; files of more than 2 GiB are not read as backbones");
            }
            return channel.map(MapMode.READ_ONLY, 0, channel.size());
        } catch (IOException e) {
            throw new GraftException(
                    description + ": weight " + ForeignNodes.quoted(tensor.getName()) + " lies in "
                            + ForeignNodes.quoted(location) + ", which cannot be read: " + e.getMessage(),
                    e);
        }
    }

    /** Where a file is that may be read: below the folder by its path, and by where links on the way lead. */
    private Path place(TensorProto tensor, String location) throws IOException {
        Path relative;
        try {
            relative = Path.of(location);
        } catch (InvalidPathException e) {
            throw outside(tensor, location);
        }
        boolean plain = !location.isEmpty() && !relative.isAbsolute() && relative.getRoot() == null;
        for (Path step : relative) {
            plain &= !step.toString().equals("..");
        }
        if (!plain) {
            throw outside(tensor, location);
        }
        Path place = folder.resolve(relative);
        if (!Files.exists(place)) {
            throw fault(
                    tensor,
                    "lies in " + ForeignNodes.quoted(location) + ", which is not beside " + description
                            + "; copy it there too, or export the model in one file");
        }
        Path real = place.toRealPath();
        if (!real.startsWith(folder.toRealPath())) {
            throw fault(
                    tensor,
                    "lies in " + ForeignNodes.quoted(location)
                            + ", a link that leads out of the folder, which is not followed; copy the file there");
        }
        if (!Files.isRegularFile(real)) {
            throw fault(tensor, "lies in " + ForeignNodes.quoted(location) + ", which is no file of numbers");
        }
        return real;
    }

    private GraftException outside(TensorProto tensor, String location) {
        return fault(
                tensor,
                "lies in " + ForeignNodes.quoted(location)
                        + ", and only files in the model's own folder are read; export it again, or in one file");
    }

    private long number(TensorProto tensor, String key, long otherwise) {
        String text = value(tensor, key);
        if (text.isEmpty()) {
            return otherwise;
        }
        // No more digits than any file has bytes, so that nothing overflows.
        if (!text.matches("[0-9]{1,15}")) {
            throw fault(tensor, "says " + ForeignNodes.quoted(text) + " for its " + key + "; fetch the file again");
        }
        return Long.parseLong(text);
    }

    private static String value(TensorProto tensor, String key) {
        return tensor.getExternalDataList().stream()
                .filter(entry -> entry.getKey().equals(key))
                .map(StringStringEntryProto::getValue)
                .findFirst()
                .orElse("");
    }

    private GraftException fault(TensorProto tensor, String what) {
        return new GraftException(description + ": weight " + ForeignNodes.quoted(tensor.getName()) + " " + what);
    }
}
