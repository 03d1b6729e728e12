package dev.graft.onnx;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import dev.graft.GraftException;
import dev.graft.RegularFile;
import dev.graft.SettingException;
import dev.graft.layers.ForeignGraph;
import dev.graft.model.Model;
import dev.graft.model.Node;
import dev.graft.model.Program;
import dev.graft.tensor.HostTensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * Any network in an ONNX file as a backbone. It is cut at a value, what is behind goes; up to there it runs in ONNX
 * Runtime as it is in the file and stays frozen, and a new head goes on it:
 *
 * <pre>{@code
 * OnnxBackbone.Features base = OnnxBackbone.read(Path.of("network.onnx")).cut("/avgpool/GlobalAveragePool", 224);
 * Node input = Node.input(3, 224, 224);
 * Node features = input.then("normalise", Normalization.ofPixels(mean, deviation)).then("base", base.model());
 * Network network = Network.of(
 *         Model.of("mine", input, features.then("head", Dense.of(5))), base.weights("base."), 42);
 * }</pre>
 *
 * <p>Feature maps {@code [N, C, h, w]} and tokens {@code [N, T, C]} become features by their mean. The file may be of any
 * version of ONNX's operators from 7 on that ONNX Runtime knows. Its pictures are of red, green and blue, square, float,
 * {@code [N, 3, H, W]} or {@code [N, H, W, 3]}; what they are normalised to is not in a file, so that is up to the caller.
 */
public final class OnnxBackbone {
    /** What is taken where a file's network takes any size. */
    public static final int STANDARD_SIZE = 224;

    private static final String LAYER = "graph";
    private static final int LARGEST_REST = 12 << 20;

    private final String description;
    private final ForeignFile file;

    private OnnxBackbone(String description, ForeignFile file) {
        this.description = description;
        this.file = file;
    }

    /**
     * Features of pictures.
     *
     * @param cut the value that the file was cut at
     * @param shape of that value for one picture, such as {@code [1, 512, 7, 7]}
     * @param size of the pictures: the side of the square in pixels
     * @param model pictures {@code [N, 3, size, size]} to features {@code [N, units]}
     * @param weights of the model, by their names in it
     */
    public record Features(String cut, String shape, int size, Model model, Map<String, HostTensor> weights) {
        /** The weights where the model is a part of another. */
        public Map<String, HostTensor> weights(String prefix) {
            Map<String, HostTensor> within = new LinkedHashMap<>();
            weights.forEach((name, weight) -> within.put(prefix + name, weight));
            return within;
        }
    }

    /**
     * Opens a file, mapped into memory, with the files beside it that it keeps numbers in.
     *
     * @throws GraftException if it is no sound ONNX file, keeps numbers in a file that is not in its folder, or has operators that are neither
     *     ONNX's own nor ONNX Runtime's
     */
    public static OnnxBackbone read(Path path) {
        if (!Files.isRegularFile(path)) {
            throw new GraftException(path + ": expected an ONNX file, found "
                    + (Files.isDirectory(path)
                            ? "a folder; name a file in it"
                            : RegularFile.obstacle(path).orElse("no such file")));
        }
        try (FileChannel channel = FileChannel.open(path)) {
            if (channel.size() > Integer.MAX_VALUE) {
                throw new GraftException(path + ": files of more than 2 GiB are not read as backbones");
            }
            ByteBuffer content = channel.map(MapMode.READ_ONLY, 0, channel.size());
            return of(path.toString(), content, all -> ForeignNodes.parse(path, all));
        } catch (AccessDeniedException e) {
            throw new GraftException(path + ": no permission to read the file; check its owner and mode", e);
        } catch (IOException e) {
            throw new GraftException(path + ": the file cannot be read: " + e.getMessage(), e);
        }
    }

    /** The same for content in memory, which must not change afterwards; the description is for messages. */
    public static OnnxBackbone read(String description, ByteBuffer content) {
        return of(description, content, all -> ForeignNodes.parse(description, all));
    }

    private static OnnxBackbone of(String description, ByteBuffer content, Function<ByteBuffer, ModelProto> parse) {
        if (!OnnxInitializers.isLikely(content)) {
            throw new GraftException(description
                    + ": not an ONNX file, which begins with its version in protobuf's binary form; export it again");
        }
        ModelProto model = parse.apply(content.duplicate());
        int opset = OnnxOpsets.of(model);
        if (opset < OnnxOpsets.OLDEST) {
            throw new GraftException(description + ": written for version " + opset
                    + " of ONNX's operators, the oldest that runs is " + OnnxOpsets.OLDEST + "; export it again");
        }
        return new OnnxBackbone(description, new ForeignFile(description, model));
    }

    /** What the file says of itself: its {@code metadata_props}. */
    public Map<String, String> metadata() {
        Map<String, String> metadata = new LinkedHashMap<>();
        for (StringStringEntryProto entry : file.model().getMetadataPropsList()) {
            metadata.put(entry.getKey(), entry.getValue());
        }
        return metadata;
    }

    /** Where it is cut if nothing else is said: what its last dense layer takes; without one, what the network gives. */
    public String standardCut() {
        return file.standardCut();
    }

    /** Cut at {@link #standardCut}, for pictures of the size that the file names, else {@link #STANDARD_SIZE}. */
    public Features cut() {
        return cut(standardCut(), 0);
    }

    /**
     * Cut at a value, or at what a node gives, and tried out on a picture.
     *
     * @param name of the value or the node
     * @param size the side of the pictures in pixels, 0 for what the file says
     * @throws GraftException if there is no such name, suggests the nearest; if it needs other inputs than one picture of
     *     that size, gives no numbers that could be features, or ONNX Runtime refuses it
     */
    public Features cut(String name, int size) {
        String value = value(name);
        ForeignFile.Part part = file.upTo(value);
        PictureInput input = PictureInput.of(description, part.inputs());
        if (size < 0 || size > PictureInput.LARGEST) {
            throw new SettingException("image-size", "expected 1 to " + PictureInput.LARGEST + " pixels, got " + size);
        }
        if (size != 0 && input.size() != 0 && size != input.size()) {
            throw new SettingException(
                    "image-size",
                    description + ": its network takes pictures of " + input.size() + " pixels only, got " + size
                            + "; leave the size out, or export it for any");
        }
        int side = input.size() != 0 ? input.size() : size != 0 ? size : STANDARD_SIZE;
        ForeignCut cut = new ForeignCut(file.model(), part, input, value);
        CutTrial trial = new CutTrial(description, value, side);
        OnnxProbe.Value bare = trial.bare(cut.bare(side));
        checkShape(value, bare);
        ForeignWeights weights = ForeignWeights.of(description, part.constants());
        byte[] skeleton = cut.skeleton(side, bare, weights).toByteArray();
        if (skeleton.length > LARGEST_REST) {
            throw fault("its nodes and constants other than weights take " + (skeleton.length >> 20) + " MB, at most "
                    + (LARGEST_REST >> 20) + " MB are kept; take the network in floats");
        }
        float[] expected = bare.pooled();
        String nodes = Base64.getEncoder().encodeToString(skeleton);
        ForeignGraph layer = new ForeignGraph(side, side, expected.length, weights.sizes(), true, nodes);
        Features any = features(value, bare, layer, weights);
        byte[] asRun = OnnxGraph.of(Program.of(any.model()), any.weights()).bytes();
        return trial.takesTwo(asRun, expected) ? any : features(value, bare, layer.onePicture(), weights);
    }

    private String value(String name) {
        try {
            return file.value(name);
        } catch (GraftException e) {
            throw new SettingException("cut", String.valueOf(e.getMessage()), e);
        }
    }

    private static Features features(String value, OnnxProbe.Value bare, ForeignGraph layer, ForeignWeights weights) {
        Node pixels = Node.input(3, layer.height(), layer.width());
        Map<String, HostTensor> named = new LinkedHashMap<>();
        weights.weights().forEach((name, weight) -> named.put(LAYER + "." + name, weight));
        Model model = Model.of("onnx", pixels, pixels.then(LAYER, layer));
        return new Features(value, bare.shape(), layer.height(), model, named);
    }

    private void checkShape(String value, OnnxProbe.Value found) {
        int rank = found.sizes().length;
        boolean square = rank != 4 || found.sizes()[2] == found.sizes()[3] || ForeignCut.isChannelsLast(found.sizes());
        if (!found.isReal()
                || rank < 2
                || rank > 4
                || !square
                || found.sizes()[0] != 1
                || found.numbers().length == 0) {
            throw fault(ForeignNodes.quoted(value) + " is " + found.type() + " " + found.shape()
                    + " for one picture, expected floats [1, units], [1, tokens, units] or [1, channels, h, h]; cut at"
                    + " another value");
        }
    }

    private GraftException fault(String what) {
        return new GraftException(description + ": " + what);
    }
}
