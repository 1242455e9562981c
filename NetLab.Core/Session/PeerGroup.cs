using NetLab.Core.Peers;

namespace NetLab.Core.Session;

/// <summary>
/// The servers and clients that were started from the screen. They run in the background until they are stopped, and all of them stop with the group. It
/// belongs to one thread; what takes time (a name that is looked up, a connection that lingers) is done on others.
/// </summary>
public sealed class PeerGroup : IDisposable
{
    /// <summary>How often the rates are measured: every second.</summary>
    public static readonly Duration Pace = Duration.FromSeconds(1);

    private readonly Journal _journal;
    private readonly Func<Timestamp> _clock;
    private readonly List<HeldPeer> _all = [];
    private PeerRecorder? _recorder;
    private Timestamp _sampled;

    /// <summary>A group of nobody.</summary>
    /// <param name="journal">Where their bytes go.</param>
    /// <param name="clock">The kernel's clock.</param>
    public PeerGroup(Journal journal, Func<Timestamp> clock) => (_journal, _clock) = (journal, clock);

    /// <summary>All that were started and not cleared away, in the order in which they were started.</summary>
    public IReadOnlyList<HeldPeer> All => _all;

    /// <summary>The one that was started last; null where there is none.</summary>
    public HeldPeer? Newest => _all is [.., var newest] ? newest : null;

    /// <summary>Called, on any thread, when a start or a stop is done.</summary>
    public Action? Changed { get; set; }

    /// <summary>How many run, start or stop.</summary>
    public int Up => _all.Count(held => held.IsUp);

    /// <summary>The ports that they use.</summary>
    public IEnumerable<ushort> Ports => _all.Select(held => held.Port).Where(port => port != 0).Distinct();

    /// <summary>Takes one more in; it is not started yet.</summary>
    public HeldPeer Add(PeerSpecification specification)
    {
        _recorder ??= new PeerRecorder(_journal, _clock);
        return Add(Peer.Create(specification, _recorder));
    }

    /// <summary>Takes away those that do not run any more.</summary>
    /// <returns>How many.</returns>
    public int Clear() => _all.RemoveAll(held => !held.IsUp);

    /// <summary>Measures the rates when it is time.</summary>
    /// <returns>Whether it was.</returns>
    public bool Sample(Timestamp now)
    {
        if (_all.Count == 0 || now - _sampled < Pace)
            return false;
        foreach (var held in _all)
            held.Sample(now - _sampled);
        _sampled = now;
        return true;
    }

    /// <summary>When the rates are to be measured next; null while nothing runs and nothing has run lately.</summary>
    public Timestamp? NextSample() => _all.Any(held => held.IsUp || !held.IsSilent) ? _sampled + Pace : null;

    internal HeldPeer Add(Peer peer)
    {
        var held = new HeldPeer(peer, () => Changed?.Invoke());
        _all.Add(held);
        return held;
    }

    /// <summary>Stops all of them, side by side, and waits until nothing of them is left.</summary>
    public void Dispose()
    {
        Changed = null;
        foreach (var held in _all)
            held.Stop();
        Task.WaitAll([.. _all.Select(held => held.Work)]);
        foreach (var held in _all)
            held.Peer.Dispose();
    }
}
