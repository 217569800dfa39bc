"""What the invented companies write: short answers in English and Spanish, and sample files."""

from __future__ import annotations

from typing import Final

ANSWERS: Final = {
    "en": (
        "Written procedure {code} covers this; the warehouse lead signs each week.",
        "Done at every site. The last check was by the security coordinator, with photos on file.",
        "Part of our onboarding since 2021; records are kept for three years.",
        "Our forwarder does this under contract; we look at their log every quarter.",
    ),
    "es": (
        "El procedimiento escrito {code} lo cubre; el jefe de almacén firma cada semana.",
        "Se hace en cada sitio. La última revisión fue del coordinador de seguridad, con fotos.",
        "Es parte de la inducción desde 2021; los registros se guardan tres años.",
        "Nuestro transportista lo hace por contrato; revisamos su bitácora cada trimestre.",
    ),
}
RISK_SUMMARY: Final = {
    "en": "Two lanes mapped, eleven partners, one medium threat at origin.",
    "es": "Dos rutas mapeadas, once socios, una amenaza media en el origen.",
}
RETURN_REASON: Final = {
    "en": "Please name the person who does this, and add a dated record of the last time.",
    "es": "Indique quién lo hace y agregue un registro fechado de la última vez.",
}


def evidence_text(company: str, criterion: str, language: str) -> bytes:
    """Return a small text file that stands for a piece of evidence."""
    head = "Evidence for criterion" if language == "en" else "Evidencia del criterio"
    return f"{company}\n{head} {criterion}\n".encode()
