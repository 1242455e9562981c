using NetLab.Core.Tcp;

namespace NetLab.Core.Views;

/// <summary>A change of an end's state, as it is shown: with the name that RFC 9293 gives it, and how it is known.</summary>
/// <param name="End">Whose.</param>
/// <param name="Time">When.</param>
/// <param name="From">The state that ended; <see cref="TcpState.Closed"/> for an end that begins.</param>
/// <param name="To">The state that began.</param>
/// <param name="Provenance">How it is known.</param>
/// <param name="Spent">How long the old state lasted; zero where there was none.</param>
public sealed record StateChange(ConnectionEnd End, Timestamp Time, TcpState From, TcpState To, Provenance Provenance, Duration Spent)
{
    /// <summary>"close", "rcv SYN", "2MSL timeout"; empty where it is not known (yet: the packet may be told of a little later).</summary>
    public string Cause { get; internal set; } = "";

    /// <summary>The packet that caused it; null if none did.</summary>
    public EventReference? Packet { get; internal set; }
}
