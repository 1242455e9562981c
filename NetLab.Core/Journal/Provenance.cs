namespace NetLab.Core;

/// <summary>How a fact is known. It stands beside every state that NetLab shows.</summary>
public enum Provenance : byte
{
    /// <summary>The kernel or the wire said so.</summary>
    Observed,

    /// <summary>Derived from packets by the rules of RFC 9293.</summary>
    Inferred,

    /// <summary>Polled: what is shorter than the polling interval may be missed.</summary>
    Sampled,
}

/// <summary>The provenances' names.</summary>
public static class ProvenanceNames
{
    /// <summary>"observed", "inferred" or "sampled".</summary>
    public static string Name(this Provenance provenance) => provenance switch
    {
        Provenance.Observed => "observed",
        Provenance.Inferred => "inferred",
        _ => "sampled",
    };
}
