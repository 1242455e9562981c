namespace NetLab.Core.IoModels;

/// <summary>
/// One model, at work in one race: it prepares its descriptors, reads until nothing more is to come, and leaves everything as it was. To add a model:
/// derive from this, name it in <see cref="Create"/> and in <see cref="IoModel"/>.
/// </summary>
internal abstract class ModelRun
{
    /// <summary>The model's own way to read.</summary>
    public static ModelRun Create(IoModel model) => model switch
    {
        IoModel.Blocking => new BlockingModel(),
        IoModel.Nonblocking => new NonblockingModel(),
        IoModel.Select => new SelectModel(),
        IoModel.Poll => new PollModel(),
        IoModel.Epoll => new EpollModel(),
        IoModel.Sigio => new SigioModel(),
        IoModel.Aio => new AioModel(),
        _ => new UringModel(),
    };

    /// <summary>Why it can't take part, a sentence; null when it can.</summary>
    /// <param name="descriptors">The descriptors that messages will come on.</param>
    public virtual string? Refuses(ReadOnlySpan<int> descriptors) => null;

    /// <summary>Makes everything ready; nothing has been sent yet.</summary>
    public virtual void Prepare(LaneReader lane)
    {
    }

    /// <summary>Reads until <see cref="LaneReader.Expects"/> is over.</summary>
    public abstract void Read(LaneReader lane);

    /// <summary>Leaves everything as it was; on the lane's thread, while its descriptors are still open.</summary>
    public virtual void Undo()
    {
    }
}
