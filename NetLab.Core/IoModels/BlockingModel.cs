namespace NetLab.Core.IoModels;

/// <summary>Blocking I/O: one call for both phases. It sleeps until data is there, is woken, copies it, returns.</summary>
internal sealed class BlockingModel : ModelRun
{
    public override string? Refuses(ReadOnlySpan<int> descriptors) =>
        descriptors.Length == 1 ? null : $"recv sleeps on one descriptor; for {descriptors.Length} this model needs as many threads";

    public override void Read(LaneReader lane)
    {
        while (lane.Expects)
            lane.Receive(0, LanePhase.Waiting);
    }
}
