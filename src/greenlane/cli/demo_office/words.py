"""What the invented people write: short answers in English and Spanish, and sample files."""

from __future__ import annotations

import struct
import zlib
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
REMARK: Final = {
    "en": "Fine for now. Next year please name who signs it, and since when.",
    "es": "Está bien por ahora. El próximo año indique quién lo firma y desde cuándo.",
}
RETURN_REASON: Final = {
    "en": "Please name the person who does this, and add a dated record of the last time.",
    "es": "Indique quién lo hace y agregue un registro fechado de la última vez.",
}


def evidence_text(company: str, criterion: str, language: str) -> bytes:
    """Return a small text file that stands for a piece of evidence."""
    head = "Evidence for criterion" if language == "en" else "Evidencia del criterio"
    return f"{company}\n{head} {criterion}\n".encode()


def _picture(width: int = 240, height: int = 160) -> bytes:
    """Return a small PNG: gray ground with a yellow line, which stands for a yard."""
    ground, line = bytes((150, 156, 160)), bytes((226, 190, 60))
    rows = b"".join(
        b"\x00" + b"".join(line if abs(x - y - 40) < 8 else ground for x in range(width))
        for y in range(height)
    )
    parts = (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(rows, 9)),
        (b"IEND", b""),
    )
    found = b"\x89PNG\r\n\x1a\n"
    for kind, content in parts:
        check = struct.pack(">I", zlib.crc32(kind + content))
        found += struct.pack(">I", len(content)) + kind + content + check
    return found


PICTURE: Final = _picture()
VISIT_WORDS: Final[dict[str, dict[str, str]]] = {
    "en": {
        "scope": "Seals, yard access and the southern lane, with the partner who loads it.",
        "rationale": "Most of the volume runs here, and two seal numbers did not match last year.",
        "agenda": "9:00 Opening talk; 9:30 Documents; 11:00 Walk through the yard; 15:00 Closing",
        "requests": "Seal log of the last year; Training register; List of business partners",
        "yard": "main yard",
        "partner": "Logística Demostración, Tijuana",
        "closed": "The owner of the site let nobody in, twice.",
        "REQUIRED_ACTION": "Two of nine trailers in the yard stood without a seal.",
        "REQUIRED_ACTION_asks": "Seal every trailer that stands loaded, and keep a log of it.",
        "RECOMMENDATION": "The log of visitors is kept on loose sheets, some of them undated.",
        "RECOMMENDATION_asks": "Keep the log in a bound book, or in a system that dates entries.",
        "BEST_PRACTICE": "Cameras read every seal at the gate and compare it with the manifest.",
        "framework": "Shown at the visit, with the minutes of the board and a year of records.",
        "answer": "Done since the first of the month; the yard lead signs each day. Log attached.",
        "verified": "The log of four weeks was read; nothing is missing.",
        "again": "The log ends on the 12th. Please send the rest of the month.",
        "recommended": "Measures are in place and followed at both sites.",
        "decided": "The measures are in place and followed; the findings are settled.",
    },
    "es": {
        "scope": "Sellos, acceso al patio y la ruta del sur, con el socio que carga en ella.",
        "rationale": "Por aquí pasa la mayor parte del volumen, y el año pasado dos sellos no "
        "coincidieron.",
        "agenda": "9:00 Apertura; 9:30 Documentos; 11:00 Recorrido por el patio; 15:00 Cierre",
        "requests": "Bitácora de sellos del último año; Registro de capacitación; Lista de socios "
        "comerciales",
        "yard": "patio principal",
        "partner": "Demonstration Forwarding, San Diego",
        "closed": "El dueño de la instalación no permitió el acceso, en dos ocasiones.",
        "REQUIRED_ACTION": "Dos de nueve remolques en el patio estaban sin sello.",
        "REQUIRED_ACTION_asks": "Selle todo remolque cargado y lleve una bitácora.",
        "RECOMMENDATION": "El registro de visitantes se lleva en hojas sueltas, algunas sin fecha.",
        "RECOMMENDATION_asks": "Lleve el registro en un libro o en un sistema con fecha.",
        "BEST_PRACTICE": "Cámaras leen cada sello en la caseta y lo comparan con el manifiesto.",
        "framework": "Se mostró en la visita, con el acta del consejo y registros de un año.",
        "answer": "Hecho desde el día primero; el jefe de patio firma cada día. Bitácora anexa.",
        "verified": "Se leyó la bitácora de cuatro semanas; no falta nada.",
        "again": "La bitácora termina el día 12. Envíe el resto del mes.",
        "recommended": "Las medidas existen y se cumplen en ambas instalaciones.",
        "decided": "Las medidas existen y se cumplen; los hallazgos están atendidos.",
    },
}
