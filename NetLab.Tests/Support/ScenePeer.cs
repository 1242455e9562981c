using NetLab.Core;
using NetLab.Core.Peers;
using NetLab.Core.Session;

namespace NetLab.Tests.Support;

/// <summary>A peer that does nothing but count what it is told; it touches no socket.</summary>
internal sealed class ScenePeer(PeerSpecification specification, PeerRecorder recorder, PeerRefusal? refusal = null) : Peer(specification, recorder, null)
{
    public bool WasEnded { get; private set; }

    public void Move(int connections, int received, int sent)
    {
        for (int connection = 0; connection < connections; connection++)
            Counting.Opened();
        Counting.Moved(Direction.Received, received);
        Counting.Moved(Direction.Sent, sent);
    }

    public void EndByItself() => Finished(null);

    private protected override PeerRefusal? Begin()
    {
        if (refusal is not null)
            return refusal;
        if (Facts.Role == PeerRole.Client)
            Connected();
        Local = new Endpoint(IpAddress.Loopback, Specification.Port);
        Remote = new Endpoint(IpAddress.Loopback, Specification.Port);
        return null;
    }

    private protected override void End() => WasEnded = true;

    /// <summary>Puts one into a group and waits until it was started.</summary>
    public static async Task<(ScenePeer Peer, HeldPeer Held)> StartAsync(PeerGroup group, Journal journal, PeerSpecification specification, PeerRefusal? refusal = null)
    {
        var peer = new ScenePeer(specification, new PeerRecorder(journal, () => Scene.At(0)), refusal);
        var held = group.Add(peer);
        held.Start();
        await held.Work;
        return (peer, held);
    }
}
